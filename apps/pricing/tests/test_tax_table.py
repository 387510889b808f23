from datetime import date

import pytest

from apps.pricing.models import TaxRate
from apps.pricing.quote import Destination
from apps.pricing.selectors import tax_table

pytestmark = pytest.mark.django_db


def test_a_fresh_shop_knows_german_tax(django_assert_num_queries):
    with django_assert_num_queries(1):
        taxes = tax_table("DE")
    assert taxes.rate(Destination("DE"), "standard") == 190_000
    assert taxes.rate(Destination("DE"), "reduced") == 70_000
    assert taxes.rate(Destination("DE"), "zero") == 0


def test_a_rate_begins_on_its_day():
    TaxRate.objects.create(country="DE", tax_class="standard", rate=210_000, valid_from=date(2030, 1, 1))
    before, after = tax_table("DE", on=date(2029, 12, 31)), tax_table("DE", on=date(2030, 1, 1))
    assert before.rate(Destination("DE"), "standard") == 190_000
    assert after.rate(Destination("DE"), "standard") == 210_000


def test_a_country_outside_the_table_has_no_tax():
    assert tax_table("US").rate(Destination("US"), "standard") == 0


def test_a_tax_rate_reads_as_a_percentage():
    assert str(TaxRate(country="FI", tax_class="standard", rate=255_000)) == "FI standard 25.5 %"
