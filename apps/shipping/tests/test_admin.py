import pytest
from django.urls import reverse

from apps.shipping.models import ShippingMethod, ShippingZone
from apps.shipping.tests.factories import make_method, make_zone
from apps.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]


@pytest.fixture(autouse=True)
def boss(client):
    client.force_login(User.objects.create_superuser("boss@example.com", "a quiet harbour"))


def no_rows(prefix, total=0, initial=0):
    return {f"{prefix}-TOTAL_FORMS": total, f"{prefix}-INITIAL_FORMS": initial}


def test_a_zone_needs_countries_or_all_others(client):
    add = reverse("admin:shipping_shippingzone_add")
    fields = {"name": "Alps", "countries": [], **no_rows("methods")}
    assert "Choose countries" in client.post(add, fields).content.decode()
    assert client.post(add, {**fields, "countries": ["AT", "CH"]}).status_code == 302
    assert ShippingZone.objects.get().countries == ["AT", "CH"]


def test_a_method_and_its_table_are_typed_in_major_units(client):
    zone = make_zone()
    fields = {
        "zone": zone.pk,
        "name": "Parcel",
        "code": "parcel",
        "free_above": "80",
        "tax_class": "standard",
        "position": 0,
        "is_active": "on",
        **no_rows("rates", 1),
        "rates-0-min_weight": 0,
        "rates-0-max_weight": 5000,
        "rates-0-min_value": "",
        "rates-0-max_value": "",
        "rates-0-price": "4.90",
    }
    assert client.post(reverse("admin:shipping_shippingmethod_add"), fields).status_code == 302
    method = ShippingMethod.objects.get()
    rate = method.rates.get()
    assert (method.free_above, rate.price, rate.min_value, rate.max_weight) == (8000, 490, 0, 5000)


def test_a_method_is_switched_off_on_the_page_of_its_zone(client):
    method = make_method()
    row = {
        "id": method.pk,
        "zone": method.zone_id,
        "name": "Standard",
        "code": "standard",
        "free_above": "",
        "position": 0,
    }
    fields = {
        "name": "Germany",
        "countries": ["DE"],
        **no_rows("methods", 1, 1),
        **{f"methods-0-{field}": value for field, value in row.items()},
    }
    page = reverse("admin:shipping_shippingzone_change", args=[method.zone_id])
    assert client.post(page, fields).status_code == 302
    assert ShippingMethod.objects.get().is_active is False
