import pytest
from django.utils import translation

from apps.core.money import Money
from apps.core.seeders import SeedPlan
from apps.orders.extensions import RateRequest, shipping_rates
from apps.shipping.models import ShippingMethod, ShippingRate, ShippingZone
from apps.shipping.notes import delivery_notes
from apps.shipping.rates import TableRates
from apps.shipping.seed import seed_shipping
from apps.shipping.tests.factories import make_method, make_rate, make_zone

pytestmark = pytest.mark.django_db


def request(country: str = "DE", *, weight: int = 500, goods: int = 2000) -> RateRequest:
    return RateRequest(country=country, region="", postal_code="", weight_grams=weight, goods=Money(goods, "EUR"))


def offers(*args, **kwargs) -> list[tuple[str, int]]:
    return [(rate.code, rate.price.amount) for rate in TableRates().rates(request(*args, **kwargs))]


def test_methods_come_in_the_order_staff_gave_them():
    make_method(code="express", price=990, position=2)
    make_method(code="standard", price=490, position=1)

    assert offers() == [("standard", 490), ("express", 990)]


def test_a_method_that_is_not_offered_is_left_out():
    make_method(code="drone", is_active=False)

    assert offers() == []


def test_the_first_row_that_fits_the_weight_gives_the_price():
    method = make_method(price=None)
    make_rate(method=method, price=490, max_weight=2000)
    make_rate(method=method, price=990, min_weight=2001, max_weight=10000)

    assert offers(weight=2000) == [("standard", 490)]
    assert offers(weight=2001) == [("standard", 990)]
    assert offers(weight=10000) == [("standard", 990)]
    assert offers(weight=10001) == []


def test_a_row_may_ask_for_a_goods_value():
    method = make_method(price=None)
    make_rate(method=method, price=900, max_value=4999)
    make_rate(method=method, price=300, min_value=5000)

    assert offers(goods=4999) == [("standard", 900)]
    assert offers(goods=5000) == [("standard", 300)]


def test_delivery_is_free_from_the_goods_value_of_the_method():
    make_method(price=490, free_above=8000)

    assert offers(goods=7999) == [("standard", 490)]
    assert offers(goods=8000) == [("standard", 0)]


def test_free_delivery_does_not_carry_what_is_too_heavy():
    method = make_method(price=None, free_above=8000)
    make_rate(method=method, price=490, max_weight=2000)

    assert offers(goods=9000, weight=3000) == []


def test_a_country_that_no_zone_names_belongs_to_everywhere_else():
    make_method(zone=make_zone(), code="home", price=490)
    make_method(zone=make_zone(name="World", everywhere_else=True), code="world", price=1990)

    assert offers("DE") == [("home", 490)]
    assert offers("JP") == [("world", 1990)]


def test_a_named_country_without_a_method_is_not_delivered_to():
    make_zone(name="Not yet", countries=["CH"])
    make_method(zone=make_zone(name="World", everywhere_else=True), code="world")

    assert offers("CH") == []


def test_an_unknown_country_without_a_zone_for_the_rest_gets_nothing():
    make_method()

    assert offers("XX") == []
    assert offers("") == []


def test_names_follow_the_visitors_language():
    make_method(name="Standard delivery", translations={"de": {"name": "Standardversand"}})

    with translation.override("de"):
        [rate] = TableRates().rates(request())

    assert rate.label == "Standardversand"


@pytest.mark.parametrize("methods", [1, 24])
def test_rates_cost_one_query_however_many_methods_there_are(methods, django_assert_num_queries):
    zone = make_zone()
    for number in range(methods):
        make_method(zone=zone, code=f"m{number}")

    with django_assert_num_queries(1):
        assert len(TableRates().rates(request())) == methods


def test_orders_asks_the_registered_tables():
    make_method()

    assert [rate.code for rate in shipping_rates(request())] == ["standard"]


def test_the_seeder_prices_home_the_union_and_the_world():
    seed_shipping(SeedPlan(say=lambda text: None))

    assert offers("DE") == [("standard", 490), ("express", 990), ("pick-up", 0)]
    assert offers("DE", goods=8000)[0] == ("standard", 0)
    assert offers("DE", weight=40000) == [("standard", 2900), ("pick-up", 0)]
    assert offers("FR", weight=2001) == [("eu-standard", 1490)]
    assert offers("US") == [("world-standard", 1990)]


def test_seeding_again_adds_nothing_and_keeps_what_staff_changed():
    seed_shipping(SeedPlan(say=lambda text: None))
    ShippingMethod.objects.filter(code="express").update(name="Tomorrow")

    seed_shipping(SeedPlan(say=lambda text: None))

    assert ShippingZone.objects.count() == 3
    assert ShippingMethod.objects.count() == 5
    assert ShippingRate.objects.count() == 12
    assert ShippingMethod.objects.get(code="express").name == "Tomorrow"


def test_the_set_up_list_misses_a_delivery_method_until_there_is_one():
    assert [note.done for note in delivery_notes()] == [False]

    make_method()

    assert [note.done for note in delivery_notes()] == [True]
