"""The calculation of discounts: what each kind takes off, how they are combined, and that nothing is lost."""

import os
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.money import Money, total
from apps.pricing.explanation import explain, recompute, stored_figures
from apps.pricing.quote import Destination, QuoteLine, ShippingChoice, TaxTable, quote
from apps.pricing.rules import Refusal, Rule

TAXES = TaxTable({("DE", "", "standard"): 190_000, ("DE", "", "reduced"): 70_000})
GERMANY = Destination("DE")


def line(key, quantity, price, tax_class="standard", product=0, category="", currency="EUR"):
    return QuoteLine(key, quantity, Money(price, currency), tax_class, f"The {key}", product, category)


def percent(value=100_000, **more):
    return Rule(**{"discount_id": 1, "name": "Ten percent", "kind": "percent", "value": value, **more})


def amount(value=500, **more):
    return Rule(**{"discount_id": 2, "name": "Five off", "kind": "amount", "value": value, **more})


def free_shipping(**more):
    return Rule(**{"discount_id": 3, "name": "Free delivery", "kind": "free_shipping", **more})


def three_for_two(**more):
    rule = {"discount_id": 4, "name": "3 for 2", "kind": "buy_x_get_y", "value": 1_000_000, "buy": 2, "get": 1}
    return Rule(**{**rule, **more})


def quoted(lines, *rules, codes=(), shipping=490, included=True, currency="EUR"):
    choice = None
    if shipping is not None:
        choice = ShippingChoice("standard", "Standard", Money(shipping, currency), "standard")
    return quote(
        lines,
        GERMANY,
        choice,
        TAXES,
        currency=currency,
        prices_include_tax=included,
        discounts=rules,
        codes=codes or [rule.code for rule in rules if rule.code],
    )


def off_by_line(result):
    return [quoted_line.discount.amount for quoted_line in result.lines]


def outcome(result):
    return [(code.code, code.refusal) for code in result.codes]


def test_a_percentage_rounds_half_up_once_per_line():
    result = quoted([line("a", 1, 1005), line("b", 3, 335), line("c", 1, 4)], percent())
    assert off_by_line(result) == [101, 101, 0]
    assert result.discount.amount == 202


def test_an_amount_is_spread_in_proportion_and_adds_up_to_itself():
    result = quoted([line("a", 1, 1000), line("b", 1, 1000), line("c", 1, 1000)], amount(1000))
    assert off_by_line(result) == [334, 333, 333]


def test_an_amount_above_the_goods_takes_all_of_them_and_no_more():
    result = quoted([line("a", 1, 300), line("b", 1, 100)], amount(500), shipping=None)
    assert (off_by_line(result), result.total.amount, result.tax.amount) == ([300, 100], 0, 0)


def test_tax_belongs_to_what_is_left():
    result = quoted([line("a", 1, 11900)], percent(500_000), shipping=0)
    assert (result.total.amount, result.tax.amount) == (5950, 950)
    without = quoted([line("a", 1, 10000)], percent(500_000), shipping=0, included=False)
    assert (without.total.amount, without.tax_added.amount) == (5950, 950)


def test_free_delivery_takes_the_delivery_and_its_tax():
    result = quoted([line("a", 1, 1000)], free_shipping())
    assert (result.shipping.amount, result.delivery.amount.amount, result.delivery.tax.amount) == (0, 490, 0)
    assert (result.discount.amount, result.total.amount) == (0, 1000)
    assert result.discounts[0].delivery.amount == 490


def test_of_three_pieces_the_cheapest_is_free_wherever_it_stands():
    result = quoted([line("a", 2, 1000), line("b", 1, 900)], three_for_two())
    assert off_by_line(result) == [0, 900]


def test_six_pieces_free_the_two_cheapest_over_their_lines():
    result = quoted([line("a", 3, 1000), line("b", 1, 400), line("c", 2, 500)], three_for_two())
    assert off_by_line(result) == [0, 400, 500]


def test_two_pieces_are_too_few_for_three():
    result = quoted([line("a", 2, 1000)], three_for_two(code="THREE"))
    assert outcome(result) == [("THREE", Refusal.TOO_FEW)]
    assert (result.codes[0].missing_pieces, result.discount.amount) == (1, 0)


def test_the_second_piece_for_half_of_its_price():
    result = quoted([line("a", 2, 999)], three_for_two(buy=1, get=1, value=500_000))
    assert off_by_line(result) == [500]


def test_only_the_named_products_and_categories_are_reduced():
    lines = [
        line("a", 1, 1000, product=7),
        line("b", 1, 1000, category="kitchen/pans"),
        line("c", 1, 1000, category="kitchenware"),
    ]
    assert off_by_line(quoted(lines, percent(products=frozenset({7})))) == [100, 0, 0]
    assert off_by_line(quoted(lines, percent(categories=frozenset({"kitchen"})))) == [0, 100, 0]
    both = percent(products=frozenset({7}), categories=frozenset({"kitchen"}))
    assert off_by_line(quoted(lines, both)) == [100, 100, 0]


def test_a_code_for_other_things_says_so():
    result = quoted([line("a", 1, 1000)], percent(code="PANS", categories=frozenset({"kitchen"})))
    assert (outcome(result), result.discount.amount) == ([("PANS", Refusal.NO_MATCH)], 0)


def test_the_minimum_counts_what_the_discount_applies_to_before_discounts():
    rule = percent(code="TEN", minimum=2000, products=frozenset({1}))
    lines = [line("a", 1, 1999, product=1), line("b", 1, 5000)]
    below = quoted(lines, rule)
    assert outcome(below) == [("TEN", Refusal.MINIMUM)]
    assert below.codes[0].missing.amount == 1
    reached = quoted([line("a", 1, 2000, product=1)], rule, amount(1500, priority=-1))
    assert outcome(reached) == [("TEN", None)]


def test_an_unknown_code_changes_nothing():
    result = quoted([line("a", 1, 1000)], codes=["NOPE"])
    assert (outcome(result), result.total.amount) == ([("NOPE", Refusal.UNKNOWN)], 1490)


def test_a_rule_that_may_not_be_used_says_why():
    result = quoted([line("a", 1, 1000)], percent(code="OLD", refusal=Refusal.ENDED))
    assert (outcome(result), result.discount.amount) == ([("OLD", Refusal.ENDED)], 0)


def test_automatic_ones_come_first_by_rank_then_codes_as_entered():
    lines = [line("a", 1, 10_000)]
    first = quoted(lines, percent(code="TEN"), amount(priority=1), percent(500_000, discount_id=9, priority=0))
    assert [applied.amount.amount for applied in first.discounts] == [5000, 500, 450]
    ten, five = percent(code="TEN"), amount(code="FIVE")
    assert quoted(lines, ten, five, codes=["TEN", "FIVE"]).discount.amount == 1500
    assert quoted(lines, ten, five, codes=["FIVE", "TEN"]).discount.amount == 1450


def test_one_that_cannot_be_combined_wins_if_it_saves_more():
    lines = [line("a", 1, 10_000)]
    alone = percent(300_000, code="BIG", combinable=False)
    result = quoted(lines, alone, amount(code="FIVE"))
    assert (result.discount.amount, outcome(result)) == (3000, [("BIG", None), ("FIVE", Refusal.NOT_COMBINED)])
    small = quoted(lines, replace(alone, value=10_000), amount(code="FIVE"))
    assert (small.discount.amount, outcome(small)) == (500, [("BIG", Refusal.NOT_COMBINED), ("FIVE", None)])


def test_what_saves_more_counts_delivery_too():
    result = quoted([line("a", 1, 1000)], percent(code="TEN"), free_shipping(code="SHIP", combinable=False))
    assert (result.total.amount, outcome(result)) == (1000, [("TEN", Refusal.NOT_COMBINED), ("SHIP", None)])


def test_free_delivery_waits_for_the_checkout():
    result = quoted([line("a", 1, 1000)], free_shipping(code="SHIP"), shipping=None)
    assert outcome(result) == [("SHIP", Refusal.AT_DELIVERY)]


def test_a_discount_that_takes_nothing_off_is_not_used():
    result = quoted([line("a", 1, 1000)], amount(5000), percent(code="TEN"))
    assert [applied.rule.discount_id for applied in result.discounts] == [2]
    assert outcome(result) == [("TEN", Refusal.NO_EFFECT)]


def test_a_cart_without_goods_has_no_discount():
    result = quoted([], amount(500), shipping=None)
    assert (result.total.amount, result.discounts) == (0, ())


CURRENCIES = {"EUR": 10_000_000, "JPY": 10_000_000, "KWD": 100_000_000}


@st.composite
def quotes(draw):
    currency = draw(st.sampled_from(sorted(CURRENCIES)))
    top = CURRENCIES[currency]
    lines = draw(
        st.lists(
            st.builds(
                line,
                st.uuids().map(str),
                st.integers(1, 999),
                st.integers(0, top),
                st.sampled_from(["standard", "reduced", "zero"]),
                product=st.integers(0, 3),
                category=st.sampled_from(["", "kitchen", "kitchen/pans", "garden"]),
                currency=st.just(currency),
            ),
            max_size=6,
        )
    )
    rule = st.one_of(
        st.builds(percent, st.integers(1, 1_000_000)),
        st.builds(amount, st.integers(1, 2 * top)),
        st.builds(free_shipping),
        st.builds(three_for_two, buy=st.integers(1, 5), get=st.integers(1, 3), value=st.integers(1, 1_000_000)),
    )
    rules = [
        replace(
            one,
            discount_id=number,
            code=draw(st.sampled_from(["", f"CODE{number}"])),
            combinable=draw(st.booleans()),
            minimum=draw(st.sampled_from([0, 0, 5000])),
            products=draw(st.sampled_from([frozenset(), frozenset({1, 2})])),
            categories=draw(st.sampled_from([frozenset(), frozenset({"kitchen"})])),
        )
        for number, one in enumerate(draw(st.lists(rule, max_size=4)), start=1)
    ]
    shipping = draw(st.one_of(st.none(), st.integers(0, 100_000)))
    return quoted(lines, *rules, shipping=shipping, included=draw(st.booleans()), currency=currency)


def money_is_whole(result):
    currency = result.total.currency
    assert result.total == result.subtotal - result.discount + result.shipping + result.tax_added
    assert result.discount == total((one.discount for one in result.lines), currency)
    assert result.discount == total((one.amount for one in result.discounts), currency)
    for index, one in enumerate(result.lines):
        assert one.discount == total((d.by_line[index] for d in result.discounts if d.by_line[index]), currency)
        assert 0 <= one.discount.amount <= one.amount.amount
        assert one.tax.amount >= 0
    assert result.tax == total((one.tax for one in result.lines), currency) + result.delivery.tax
    assert result.tax == total((one.tax for one in result.tax_lines), currency)
    assert min(result.total.amount, result.shipping.amount, result.tax.amount) >= 0
    assert result.delivery.discount == total((one.delivery for one in result.discounts), currency)


@given(result=quotes())
def test_whatever_is_discounted_adds_up_to_the_unit(result):
    money_is_whole(result)
    stored = explain(result)
    assert recompute(stored) == stored_figures(stored)


@pytest.mark.long
@settings(max_examples=int(os.environ.get("STOA_EXAMPLES", "10000")), deadline=None)
@given(result=quotes())
def test_ten_thousand_quotes_add_up_to_the_unit_and_recompute(result):
    money_is_whole(result)
    stored = explain(result)
    assert recompute(stored) == stored_figures(stored)


def test_an_explanation_of_another_version_is_refused():
    with pytest.raises(ValueError, match="version 2"):
        recompute({"version": 2})
