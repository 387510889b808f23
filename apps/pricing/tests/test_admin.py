import pytest
from django.urls import reverse

from apps.pricing.models import TaxRate
from apps.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]


@pytest.fixture(autouse=True)
def boss(client):
    client.force_login(User.objects.create_superuser("boss@example.com", "a quiet harbour"))


def test_a_rate_is_typed_in_percent_and_kept_exactly(client):
    fields = {"country": "CH", "region": "", "tax_class": "standard", "rate": "7.7", "valid_from": "2018-01-01"}
    assert client.post(reverse("admin:pricing_taxrate_add"), fields).status_code == 302
    rate = TaxRate.objects.get(country="CH", valid_from="2018-01-01")
    assert rate.rate == 77_000
    page = client.get(reverse("admin:pricing_taxrate_change", args=[rate.pk])).content.decode()
    assert 'name="rate" value="7.7"' in page
    assert "7.7 %" in client.get(reverse("admin:pricing_taxrate_changelist"), {"q": "CH"}).content.decode()
