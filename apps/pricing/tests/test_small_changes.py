"""What each number of the arithmetic is there for; `make mutants` looks whether a test notices if it is another one."""

import pytest

from apps.core.money import Money
from apps.pricing.explanation import explain
from apps.pricing.quote import Destination, QuoteLine, ShippingChoice, TaxTable, quote
from apps.pricing.rules import Refusal, Rule, reduced_pieces, taken_off
from apps.pricing.stacking import CodeOutcome

GERMANY = Destination("DE")
TAXES = TaxTable({("DE", "", "standard"): 190_000})


def euros(*amounts):
    return [Money(amount, "EUR") for amount in amounts]


def sets(buy, get, value=1_000_000):
    return Rule(discount_id=1, name="Sets", kind="buy_x_get_y", value=value, buy=buy, get=get, code="SETS")


def mugs(quantity, price=1000):
    return QuoteLine("MUG", quantity, Money(price, "EUR"), "standard", "Mug", 7, "kitchen")


def told(rule, line, **more):
    result = quote(
        [line], GERMANY, None, TAXES, currency="EUR", prices_include_tax=True, discounts=[rule], codes=[rule.code]
    )
    return [more.get("pick", lambda outcome: outcome)(outcome) for outcome in result.codes]


@pytest.mark.parametrize(
    ("buy", "get", "pieces", "reduced"),
    [(2, 1, [4], [1]), (2, 1, [5], [1]), (2, 1, [6], [2]), (1, 2, [7], [4]), (1, 2, [2], [0]), (1, 1, [3, 2], [2, 0])],
)
def test_of_every_full_set_so_many_pieces_are_reduced(buy, get, pieces, reduced):
    left = euros(*(100 * count for count in pieces))
    assert reduced_pieces(sets(buy, get), left, pieces) == reduced


def test_the_cheapest_piece_counts_and_not_the_cheapest_line():
    assert taken_off(sets(2, 1), left=euros(400, 300), pieces=[4, 1]) == euros(100, 0)
    assert taken_off(sets(2, 1), left=euros(300, 400), pieces=[1, 4]) == euros(0, 100)


def test_a_piece_that_costs_the_same_is_taken_from_the_first_line():
    assert taken_off(sets(1, 1), left=euros(100, 100), pieces=[1, 1]) == euros(100, 0)


@pytest.mark.parametrize(
    ("rule", "line", "outcome"),
    [
        (sets(2, 1), mugs(2), {"refusal": Refusal.TOO_FEW, "missing_pieces": 1}),
        (sets(2, 1), mugs(1), {"refusal": Refusal.TOO_FEW, "missing_pieces": 2}),
        (sets(1, 1), mugs(2), {}),
        (
            Rule(discount_id=1, name="Sets", kind="percent", value=1, code="SETS", minimum=2001),
            mugs(2),
            {"refusal": Refusal.MINIMUM, "missing": Money(1, "EUR")},
        ),
        (
            Rule(discount_id=1, name="Sets", kind="percent", value=100_000, code="SETS", minimum=2000),
            mugs(2),
            {},
        ),
        (
            Rule(discount_id=1, name="Sets", kind="percent", value=1, code="SETS", products=frozenset({8})),
            mugs(2),
            {"refusal": Refusal.NO_MATCH},
        ),
        (
            Rule(discount_id=1, name="Sets", kind="percent", value=1, code="SETS", refusal=Refusal.ENDED),
            mugs(2),
            {"refusal": Refusal.ENDED},
        ),
        (
            Rule(discount_id=1, name="Sets", kind="percent", value=1, code="SETS"),
            mugs(1, price=1),
            {"refusal": Refusal.NO_EFFECT},
        ),
        (
            Rule(discount_id=1, name="Sets", kind="free_shipping", code="SETS"),
            mugs(1),
            {"refusal": Refusal.AT_DELIVERY},
        ),
    ],
)
def test_what_became_of_a_code_is_said_with_its_name(rule, line, outcome):
    assert told(rule, line) == [CodeOutcome("SETS", "Sets", **outcome)]


def test_a_code_that_loses_against_a_better_one_says_so_with_its_name():
    better = Rule(discount_id=2, name="Half", kind="percent", value=500_000, code="HALF", combinable=False)
    worse = Rule(discount_id=1, name="Tenth", kind="percent", value=100_000, code="TENTH", combinable=False)
    result = quote(
        [mugs(1)], GERMANY, None, TAXES, currency="EUR", prices_include_tax=True,
        discounts=[better, worse], codes=["TENTH", "HALF"],
    )  # fmt: skip

    assert list(result.codes) == [
        CodeOutcome("TENTH", "Tenth", Refusal.NOT_COMBINED),
        CodeOutcome("HALF", "Half"),
    ]


def test_goods_without_a_delivery_have_an_empty_one():
    quoted = quote([mugs(1)], GERMANY, None, TAXES, currency="EUR", prices_include_tax=True)

    assert explain(quoted)["delivery"] == {
        "label": "",
        "chosen": False,
        "price": 0,
        "discount": 0,
        "tax_rate": 0,
        "tax": 0,
    }
    assert [line.tax_class for line in quoted.lines] == ["standard"]


def test_every_line_has_its_amount_and_its_pieces():
    with pytest.raises(ValueError, match="zip"):
        taken_off(sets(1, 1), left=euros(100), pieces=[1, 1])


def test_a_region_without_a_rate_of_its_own_has_that_of_its_country():
    assert TAXES.rate(Destination("de", " Bavaria "), "standard") == 190_000
    assert TAXES.rate(Destination("DE", "Bavaria"), "reduced") == 0


def test_of_two_that_save_the_same_the_first_is_taken():
    same = [
        Rule(discount_id=number, name=name, kind="percent", value=100_000, combinable=False)
        for number, name in ((1, "First"), (2, "Second"))
    ]
    quoted = quote([mugs(1)], GERMANY, None, TAXES, currency="EUR", prices_include_tax=True, discounts=same)

    assert [discount.rule.name for discount in quoted.discounts] == ["First"]


def test_a_delivery_that_costs_nothing_can_not_be_made_free():
    free = Rule(discount_id=1, name="Sets", kind="free_shipping", code="SETS")
    pickup = ShippingChoice("pickup", "Pickup", Money(0, "EUR"), "standard")
    quoted = quote(
        [mugs(1)], GERMANY, pickup, TAXES, currency="EUR", prices_include_tax=True, discounts=[free], codes=["SETS"]
    )

    assert list(quoted.codes) == [CodeOutcome("SETS", "Sets", Refusal.NO_EFFECT)]
