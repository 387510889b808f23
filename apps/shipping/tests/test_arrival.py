from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from apps.catalog.tests.factories import make_variant
from apps.shipping import arrival
from apps.shipping.models import ShippingMethod
from apps.shipping.tests.factories import make_method, make_zone

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 11, 27)


@pytest.fixture(autouse=True)
def _nothing_learnt():
    arrival.forget()
    yield
    arrival.forget()


@pytest.mark.parametrize(
    ("number", "day"), [(0, FRIDAY), (1, date(2026, 11, 30)), (5, date(2026, 12, 4)), (6, date(2026, 12, 7))]
)
def test_weekends_are_no_working_days(number, day):
    assert arrival.working_days_after(FRIDAY, number) == day


def test_the_days_are_said_in_the_visitors_language():
    assert arrival.arrival_text(FRIDAY, (2, 4)) == "Wed, Dec 2\u2009–\u2009Fri, Dec 4"
    with translation.override("de"):
        assert arrival.arrival_text(FRIDAY, (2, 4)) == "Mi., 2.\u2009–\u2009Fr., 4. Dez."


def test_the_first_method_that_says_how_long_it_takes_counts(django_assert_num_queries):
    zone = make_zone()
    make_method(zone=zone, code="bike", position=0)
    make_method(zone=zone, code="gone", position=1, max_days=1, is_active=False)
    make_method(zone=zone, code="post", position=2, min_days=2, max_days=3)
    make_method(zone=zone, code="fast", position=3, min_days=1, max_days=1)
    assert arrival.transit_days("DE") == (2, 3)
    with django_assert_num_queries(0):
        assert arrival.transit_days("DE") == (2, 3)
    assert arrival.transit_days("FR") is None


def test_a_change_of_the_tables_counts_at_once():
    method = make_method(max_days=3)
    assert arrival.transit_days("DE") == (0, 3)
    method.max_days = 5
    method.save()
    assert arrival.transit_days("DE") == (0, 5)


def test_the_page_promises_days_for_what_is_there_only(client):
    mug, gone = make_variant(on_hand=3), make_variant(on_hand=0, backorder=True)
    assert "Delivery to" not in client.get(f"/products/{mug.product.slug}/").content.decode()
    make_method(min_days=2, max_days=3)
    assert "Delivery to Germany: " in client.get(f"/products/{mug.product.slug}/").content.decode()
    assert "Lieferung nach Deutschland: " in client.get(f"/de/products/{mug.product.slug}/").content.decode()
    assert "Delivery to" not in client.get(f"/products/{gone.product.slug}/").content.decode()


def test_at_most_is_not_less_than_at_least():
    method = ShippingMethod(zone=make_zone(), code="odd", name="Odd", min_days=5, max_days=3)
    with pytest.raises(ValidationError, match="At most"):
        method.full_clean()


def test_the_days_on_a_kept_page_are_counted_from_today(monkeypatch):
    mug = make_variant(on_hand=3)
    make_method(min_days=2, max_days=3)
    pages = []
    for day in (FRIDAY, FRIDAY, date(2026, 11, 30)):
        monkeypatch.setattr(arrival.timezone, "localdate", lambda day=day: day)
        arrival._said.clear()  # as a second later
        pages.append(Client().get(f"/products/{mug.product.slug}/").content.decode())
    assert ["Wed, Dec 2" in page for page in pages] == [True, True, False]
    assert "Thu, Dec 3" in pages[2]
