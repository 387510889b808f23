"""What a plan makes of amounts, in currencies with two decimals, with none and with three."""

import pytest

from apps.catalog.models import Stock, Variant
from apps.exchange.errors import Obstacle
from apps.exchange.services.columns import variant_fields, with_ending


def after(plan, *, price=1000, compare_at_price=None, **stock):
    variant = Variant(price=price, compare_at_price=compare_at_price)
    variant.stock = Stock(**{"on_hand": 5} | stock)
    return {name: value for name, (_before, value) in variant_fields(plan, variant).items()}


def problem(plan, **values):
    with pytest.raises(Obstacle) as caught:
        after(plan, **values)
    return caught.value.problem, caught.value.fields


def how(how, value=None, **more):
    return {"how": how, "value": value} | more


@pytest.mark.parametrize(
    ("change", "price", "expected"),
    [
        (how("set", 0), 1000, 0),
        (how("raise_percent", "10"), 1005, 1106),  # 1105.5
        (how("lower_percent", "33.33"), 1000, 667),  # 666.7
        (how("lower_percent", "50"), 5, 3),  # 2.5, half away from zero
        (how("lower_percent", "100"), 999, 0),
        (how("raise_amount", 250), 1000, 1250),
        (how("lower_amount", 1000), 1000, 0),
        (how("lower_percent", "10", ending=99), 2000, 1799),  # 1800
        (how("raise_percent", "10", ending=95), 2000, 2195),  # 2200
        (how("raise_percent", "5", ending=0), 999, 1000),  # 1049
        (how("lower_percent", "90", ending=0), 300, 100),  # 30 is not given away
        (how("lower_percent", "90", ending=99), 300, 99),
    ],
)
def test_a_price_is_set_raised_and_lowered_to_whole_cents(change, price, expected):
    assert after({"price": change}, price=price) == {"price": expected}


@pytest.mark.parametrize(
    ("amount", "ending", "expected"),
    [(1949, 99, 1999), (1948, 99, 1899), (50, 0, 100), (149, 0, 100), (20, 95, 95), (0, 99, 0), (1234, None, 1234)],
)
def test_an_ending_is_the_nearest_and_of_two_the_higher(amount, ending, expected):
    assert with_ending(amount, ending) == expected


def test_a_currency_without_decimals_is_rounded_to_whole_ones_and_has_no_endings(settings):
    settings.SHOP_CURRENCY = "JPY"
    assert after({"price": how("lower_percent", "12.5", ending=99)}, price=1980) == {"price": 1733}  # 1732.5


def test_a_currency_with_three_decimals_is_rounded_to_thousandths(settings):
    settings.SHOP_CURRENCY = "KWD"
    assert after({"price": how("raise_percent", "3.33")}, price=1005) == {"price": 1038}  # 1038.4665
    assert after({"price": how("raise_percent", "3.33", ending=95)}, price=1005) == {"price": 950}
    assert after({"price": how("raise_percent", "50", ending=99)}, price=1005) == {"price": 1990}  # 1507.5


def test_a_sale_takes_the_price_of_now_as_the_one_before():
    plan = {"compare_at_price": how("price"), "price": how("lower_percent", "20")}
    assert after(plan, price=2500) == {"price": 2000, "compare_at_price": 2500}
    assert after({"compare_at_price": how("remove")}, compare_at_price=1500) == {"compare_at_price": None}
    assert after({"compare_at_price": how("raise_percent", "10")}) == {}
    assert after({"compare_at_price": how("raise_amount", 5)}, compare_at_price=1500) == {"compare_at_price": 1505}


def test_what_can_not_be_is_refused_with_what_was_asked():
    assert problem({"price": how("lower_amount", 1001)}) == ("below_zero", {"price": [1000, -1]})
    assert problem({"price": how("raise_percent", "10")}, price=None) == ("no_price", {})
    expected = ("too_large", {"price": [10**12, 11 * 10**12]})
    assert problem({"price": how("raise_percent", "1000")}, price=10**12) == expected
    expected = ("not_above", {"price": [1000, 1500]})
    assert problem({"price": how("set", 1500)}, compare_at_price=1500) == expected
    assert problem({"compare_at_price": how("set", 5)}, price=None) == ("not_above", {"compare_at_price": [None, 5]})
    assert problem({"on_hand": how("set", 1)}, reserved=2) == ("promised", {"on_hand": [5, 1]})
    assert problem({"on_hand": how("add", -6)}) == ("below_zero", {"on_hand": [5, -1]})
    assert after({"on_hand": how("set", 1)}, reserved=2, backorder=True) == {"on_hand": 1}
    assert after({"on_hand": how("add", 0), "price": how("set", 1000)}) == {}
