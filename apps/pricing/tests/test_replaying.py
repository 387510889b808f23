"""A draft discount on baskets of the past: which get it, in which order they are shown, and what they had before."""

from dataclasses import replace

import pytest

from apps.core.money import Money
from apps.pricing.explanation import explain
from apps.pricing.quote import Destination, QuoteLine, ShippingChoice, TaxTable, quote
from apps.pricing.replaying import Effect, Replay, replay_on
from apps.pricing.rules import Rule
from apps.pricing.selectors import draft_rule
from apps.pricing.tests.factories import make_discount
from apps.pricing.tests.test_discount_admin import basket, tried

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]


def euros(amount):
    return Money(amount, "EUR")


def test_the_ten_that_it_takes_most_off_are_shown_the_biggest_first():
    told = tried(make_discount(active=False), [basket(price=100 * number, quantity=10) for number in range(1, 12)])
    assert [effect.saved for effect in told.biggest] == [euros(100 * number) for number in range(11, 1, -1)]


def test_of_the_same_size_orders_come_before_carts():
    told = tried(make_discount(active=False), [basket(bought=False), basket(price=2000), basket()])
    assert [(effect.before, effect.after) for effect in told.biggest] == [
        (euros(4490), euros(4090)),
        (euros(2490), euros(2290)),
        (euros(2000), euros(1800)),
    ]


def test_nothing_was_tried_yet():
    assert Replay() == Replay(
        orders=0, carts=0, order_effects=[], cart_effects=[], before=euros(0), after=euros(0), left_out=0
    )


def test_an_effect_names_its_order_and_what_it_came_to():
    told = tried(make_discount(active=False), [basket()])
    assert told.order_effects == [Effect("AAAA-BBBB", euros(2490), euros(2290))]
    assert (told.orders, told.before, told.after) == (1, euros(2490), euros(2290))


@pytest.mark.parametrize(
    ("limits", "people", "got"),
    [
        ({"total_limit": 2}, ["a", "b", "c"], 2),
        ({"per_customer_limit": 2}, ["a", "a", "a", "b"], 3),
        ({"total_limit": 3, "per_customer_limit": 1}, ["a", "a", "b", "c", "d"], 3),
        ({}, ["a", "a", "a"], 3),
    ],
)
def test_no_more_orders_get_it_than_may(limits, people, got):
    baskets = [basket(email=f"{person}@example.com") for person in people]
    told = tried(make_discount(active=False, **limits), baskets)
    assert (told.orders, len(told.order_effects)) == (len(people), got)


def test_only_orders_that_get_it_use_it_up_and_carts_use_up_nothing():
    discount = make_discount(active=False, total_limit=1, per_customer_limit=1, minimum_goods=2000)
    small, cart, first, second = basket(price=900), basket(bought=False), basket(), basket(email="b@example.com")

    told = tried(discount, [small, cart, cart, first, second, cart])

    assert (told.orders, len(told.order_effects), told.carts, len(told.cart_effects)) == (3, 1, 3, 3)
    assert (told.before, told.after) == (euros(2290 + 2490 + 2490), euros(2290 + 2290 + 2490))


def had(*rules, **stored):
    """An order of three mugs of 10.00 and a pan of 50.00, delivered for 4.90, that had these discounts."""
    lines = [
        QuoteLine("MUG", 3, euros(1000), "190000", "Mug", 1),
        QuoteLine("PAN", 1, euros(5000), "190000", "Pan", 2),
    ]
    result = quote(
        lines,
        Destination(""),
        ShippingChoice("", "Standard", euros(490), "190000"),
        TaxTable({("", "", "190000"): 190_000}),
        currency="EUR",
        prices_include_tax=True,
        discounts=rules,
        codes=[rule.code for rule in rules if rule.code],
    )
    explanation = explain(result)
    for row in explanation["discounts"]:
        row.update(stored)
    return replace(basket(), lines=tuple(lines), total=result.total.amount, explanation=explanation)


ONE_FREE = Rule(
    discount_id=70, name="One free", kind="buy_x_get_y", value=1_000_000, buy=2, get=1, products=frozenset({1})
)
FIVE = Rule(discount_id=71, name="Five", kind="amount", value=500, code="FIVE")
TENTH = Rule(discount_id=72, name="A tenth", kind="percent", value=100_000, priority=5)


@pytest.mark.parametrize(
    ("rules", "before", "after"),
    [
        ([], 8490, 6490),
        ([ONE_FREE], 7490, 5740),  # 20.00 of mugs and 50.00 less a quarter, and the delivery
        ([FIVE], 7990, 5990),  # automatic ones come first, so the five off whatever is left
        ([TENTH], 7690, 5890),
        ([ONE_FREE, TENTH], 6790, 5215),
    ],
)
def test_what_an_order_had_comes_off_its_own_lines_again(rules, before, after):
    draft = make_discount(active=False, value=250_000, priority=9)
    told = tried(draft, [had(*rules)])
    assert (told.before, told.after) == (euros(before), euros(after))


def test_one_that_stood_alone_stands_alone_again_and_the_better_one_wins():
    alone = replace(TENTH, combinable=False)
    assert tried(make_discount(active=False, value=50_000), [had(alone)]).order_effects == []
    better = tried(make_discount(active=False, value=250_000), [had(alone)])
    assert (better.before, better.after) == (euros(7690), euros(6490))


def test_orders_from_before_discounts_could_stand_alone_had_them_combined():
    old = had(TENTH)
    del old.explanation["discounts"][0]["combinable"]
    told = tried(make_discount(active=False, value=250_000, priority=9), [old])
    assert (told.before, told.after) == (euros(7690), euros(5890))


def test_an_order_without_delivery_is_tried_without_one():
    discount = make_discount(active=False)
    told = replay_on(discount, draft_rule(discount), [replace(basket(bought=False), bought=True)])
    assert (told.before, told.after) == (euros(2000), euros(1800))
