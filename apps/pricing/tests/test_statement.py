"""Every amount of an order in plain words, however it came about."""

import json

import pytest

from apps.core.money import Money
from apps.pricing.explanation import explain, recompute, stored_figures
from apps.pricing.quote import Destination, QuoteLine, ShippingChoice, TaxTable, quote
from apps.pricing.rules import Rule, taken_off
from apps.pricing.statement import statement

TAXES = TaxTable({("DE", "", "standard"): 190_000, ("DE", "", "reduced"): 70_000, ("US", "", "standard"): 0})
MUG = QuoteLine("MUG", 2, Money(1000, "EUR"), "standard", "Mug")
BOOK = QuoteLine("BOOK", 1, Money(1070, "EUR"), "reduced", "")
TEN = Rule(discount_id=1, name="Ten percent", kind="percent", value=100_000)
FIVE = Rule(discount_id=2, name="Five off", kind="amount", value=500, code="FIVER")
FREE = Rule(discount_id=3, name="Free delivery", kind="free_shipping")
PAIR = Rule(discount_id=4, name="The second free", kind="buy_x_get_y", value=1_000_000, buy=1, get=1)
HALF = Rule(discount_id=5, name="Half the third", kind="buy_x_get_y", value=500_000, buy=1, get=1)


def quoted(*rules, lines=(MUG, BOOK), delivery=490, included=True, country="DE"):
    choice = None if delivery is None else ShippingChoice("s", "Standard", Money(delivery, "EUR"), "standard")
    codes = [rule.code for rule in rules if rule.code]
    return quote(
        lines, Destination(country), choice, TAXES, currency="EUR", prices_include_tax=included,
        discounts=rules, codes=codes,
    )  # fmt: skip


def said(*rules, **chosen):
    rows = statement(explain(quoted(*rules, **chosen)))
    return [(entry.kind, entry.label, str(entry.amount), entry.steps) for entry in rows]


def steps(rows, label):
    return next(steps for _, name, _, steps in rows if name == label)


@pytest.mark.parametrize("included", [True, False])
@pytest.mark.parametrize(
    ("rules", "discounts"),
    [
        ([], ()),
        ([TEN], ((307, 0),)),
        ([FIVE], ((500, 0),)),
        ([FREE], ((0, 490),)),
        ([PAIR], ((1000, 0),)),
        ([HALF], ((500, 0),)),
        ([TEN, FREE], ((307, 0), (0, 490))),
    ],
)
def test_each_kind_of_discount_computes_to_the_figures_that_are_stored(rules, discounts, included):
    made = quoted(*rules, included=included)
    stored = json.loads(json.dumps(explain(made)))
    figures = recompute(stored)
    assert figures == stored_figures(stored)
    assert (figures.total, figures.tax, figures.shipping) == (made.total.amount, made.tax.amount, made.shipping.amount)
    assert figures.discounts == discounts


def test_included_taxes_stand_below_the_total():
    rows = said()

    assert [(kind, amount) for kind, _, amount, _ in rows] == [
        ("goods", "€30.70"),
        ("delivery", "€4.90"),
        ("total", "€35.60"),
        ("included", "€3.97"),
        ("included", "€0.70"),
    ]
    assert steps(rows, "Includes 19 % tax") == [
        "Mug: €20.00 × 19 ÷ 119 = €3.19327, rounded to €3.19",
        "Delivery: €4.90 × 19 ÷ 119 = €0.78235, rounded to €0.78",
    ]
    assert steps(rows, "Includes 7 % tax") == ["BOOK: €10.70 × 7 ÷ 107 = €0.70"]
    assert steps(rows, "Total") == ["Goods €30.70 + delivery €4.90 = €35.60", "These prices include the tax."]


def test_added_taxes_stand_above_it():
    rows = said(included=False)

    assert [kind for kind, *_ in rows] == ["goods", "delivery", "tax", "tax", "total"]
    assert steps(rows, "Tax 19 %") == [
        "Mug: €20.00 × 19 % = €3.80",
        "Delivery: €4.90 × 19 % = €0.931, rounded to €0.93",
    ]
    assert steps(rows, "Total") == ["Goods €30.70 + delivery €4.90 + tax €5.48 = €41.08"]


def test_goods_that_are_taxed_without_a_delivery_end_in_a_total():
    rows = said(lines=[MUG], delivery=None)

    assert [kind for kind, *_ in rows] == ["goods", "total", "included"]
    assert steps(rows, "Total") == ["Goods €20.00 = €20.00", "These prices include the tax."]


def test_an_untaxed_order_says_nothing_of_tax():
    rows = said(lines=[MUG], country="US")

    assert steps(rows, "Total") == ["Goods €20.00 + delivery €4.90 = €24.90"]


def test_one_discount_after_the_other():
    rows = said(TEN, FIVE)

    assert [(label, amount) for kind, label, amount, _ in rows if kind == "discount"] == [
        ("Ten percent", "€3.07"),
        ("Five off (FIVER)", "€5.00"),
    ]
    assert steps(rows, "Ten percent") == [
        "10 % off each article that it applies to, rounded once per article.",
        "Mug: 10 % of €20.00 = €2.00",
        "BOOK: 10 % of €10.70 = €1.07",
    ]
    assert steps(rows, "Five off (FIVER)") == [
        "€5.00 off, spread over the articles in proportion to their amounts.",
        "It works on what the discounts before it left.",
        "Mug: €3.26 of €18.00",
        "BOOK: €1.74 of €9.63",
    ]
    assert steps(rows, "Total")[0] == "Goods €30.70 − discounts €8.07 + delivery €4.90 = €27.53"


def test_a_free_delivery_is_told_where_the_delivery_is():
    rows = said(FREE)

    assert [kind for kind, *_ in rows] == ["goods", "delivery", "total", "included", "included"]
    assert steps(rows, "Delivery") == [
        "Standard costs €4.90.",
        "The discount “Free delivery” takes off €4.90.",
    ]


@pytest.mark.parametrize(
    ("rule", "words", "off"),
    [
        (PAIR, "Of every 2 pieces the cheapest one is free.", "Mug: €10.00 of €20.00"),
        (HALF, "Of every 2 pieces the cheapest one is reduced by 50 %.", "Mug: €5.00 of €20.00"),
    ],
)
def test_the_cheapest_piece_is_free_or_reduced(rule, words, off):
    assert steps(said(rule, lines=[MUG]), rule.name) == [words, off]


def test_a_line_of_which_nothing_is_taken_off_has_no_step():
    dear = QuoteLine("LAMP", 2, Money(9000, "EUR"), "standard", "Lamp")

    assert steps(said(PAIR, lines=[dear, MUG]), "The second free")[1:] == ["Mug: €20.00 of €20.00"]


def test_a_cart_ends_with_what_its_goods_come_to():
    choice = quote([MUG], Destination(""), None, TaxTable(), currency="EUR", prices_include_tax=True)

    assert [(entry.kind, entry.label) for entry in statement(explain(choice))] == [
        ("total", "Subtotal"),
    ]


def test_what_is_kept_with_an_order_has_every_start_and_every_step():
    choice = ShippingChoice("s", "Standard", Money(490, "EUR"), "standard")
    rules = {"discounts": [TEN, FREE], "codes": []}
    quoted = quote([MUG], Destination("DE"), choice, TAXES, currency="EUR", prices_include_tax=True, **rules)

    assert explain(quoted) == {
        "version": 1,
        "currency": "EUR",
        "prices_include_tax": True,
        "lines": [
            {
                "key": "MUG",
                "label": "Mug",
                "quantity": 2,
                "unit_price": 1000,
                "amount": 2000,
                "discount": 200,
                "tax_rate": 190_000,
                "tax": 287,
            }
        ],
        "discounts": [
            {
                "id": 1,
                "name": "Ten percent",
                "code": "",
                "amount": 200,
                "delivery": 0,
                "kind": "percent",
                "value": 100_000,
                "buy": 0,
                "get": 0,
                "combinable": True,
                "lines": [0],
                "off": [200],
            },
            {
                "id": 3,
                "name": "Free delivery",
                "code": "",
                "amount": 0,
                "delivery": 490,
                "kind": "free_shipping",
                "value": 0,
                "buy": 0,
                "get": 0,
                "combinable": True,
                "lines": [0],
                "off": [0],
            },
        ],
        "delivery": {
            "label": "Standard",
            "chosen": True,
            "price": 490,
            "discount": 490,
            "tax_rate": 190_000,
            "tax": 0,
        },
        "subtotal": 2000,
        "discount": 200,
        "shipping": 0,
        "tax": 287,
        "tax_added": 0,
        "tax_lines": [{"rate": 190_000, "taxable": 1513, "tax": 287}],
        "total": 1800,
    }


def test_nothing_is_taken_off_nothing():
    assert taken_off(TEN, left=[], pieces=[]) == []
    assert taken_off(FIVE, left=[Money(0, "EUR")], pieces=[1]) == [Money(0, "EUR")]
    assert taken_off(FREE, left=[Money(7, "EUR")], pieces=[1]) == [Money(0, "EUR")]
