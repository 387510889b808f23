"""What the screen of a refund asks for, of which parts, and what it makes of the answers."""

import pytest

from apps.orders.models import Order
from apps.payments.admin.refund_form import RefundForm
from apps.pricing.refunding import SHIPPING, Part, Selection

MUG = Part(key="7", title="Fjord mug", paid=3998, tax=638, tax_rate=190_000, pieces=2)
BOWL = Part(key="8", title="Bowl", paid=5000, tax=798, tax_rate=190_000, pieces=3, given_pieces=1)
GONE = Part(key="9", title="Tea towel", paid=500, tax=0, tax_rate=0, pieces=1, given=500, given_pieces=1)
DELIVERY = Part(key=SHIPPING, title="Standard", paid=490, tax=78, tax_rate=190_000)
PARTS = [MUG, BOWL, GONE, DELIVERY]


@pytest.fixture
def order():
    return Order(currency="EUR", number="7K2M-9QXD")


def asked(form, *names):
    """Of each field its label, what stands in it, and whether it has to be filled in."""
    fields = {name: form.fields[name] for name in names} if names else form.fields
    return {name: (str(field.label), field.initial, field.required) for name, field in fields.items()}


def test_it_asks_for_the_pieces_that_are_left_and_what_becomes_of_them(order):
    form = RefundForm(order, PARTS)

    assert asked(form) == {
        "token": ("None", None, True),
        "reason": ("Reason", None, True),
        "note": ("Note for your colleagues", None, False),
        "pieces-7": ("Pieces of Fjord mug", 0, False),
        "restock-7": ("Put Fjord mug back for sale", True, False),
        "pieces-8": ("Pieces of Bowl", 0, False),
        "restock-8": ("Put Bowl back for sale", True, False),
        "shipping": ("Delivery", None, False),
        "extra": ("Extra amount", None, False),
    }
    most = {name: (field.min_value, field.max_value) for name, field in form.fields.items() if "pieces" in name}
    assert most == {"pieces-7": (0, 2), "pieces-8": (0, 2)}
    assert form.fields["extra"].help_text == "For goodwill: no pieces, no goods."
    assert [(row.part, row.pieces.name, row.restock.name) for row in form.lines] == [
        (MUG, "pieces-7", "restock-7"),
        (BOWL, "pieces-8", "restock-8"),
    ]
    assert (form.settled, form.delivery) == ([GONE], DELIVERY)


def test_each_time_it_is_shown_it_is_another_press_of_the_button(order):
    first, second = (RefundForm(order, PARTS) for _ in range(2))

    assert len({first.initial["token"], second.initial["token"]}) == 2
    assert first.initial == {"token": first.initial["token"], "reason": "changed_mind"}
    assert 20 < len(first.initial["token"]) <= 32


def test_of_a_closed_order_no_goods_are_asked_about(order):
    order.closure = Order.Closure.CANCELLED

    form = RefundForm(order, PARTS)

    assert [name for name in form.fields if "restock" in name] == []
    assert [row.restock for row in form.lines] == [None, None]


@pytest.mark.parametrize("parts", [[MUG], [MUG, DELIVERY.after(amount=490, tax=78, pieces=0)]])
def test_delivery_of_which_nothing_is_left_is_not_asked_for(order, parts):
    form = RefundForm(order, parts)

    assert "shipping" not in form.fields
    assert form.delivery == (parts[1] if len(parts) > 1 else None)


@pytest.mark.parametrize(
    ("typed", "selection", "restock"),
    [
        ({}, Selection({"7": 0, "8": 0, "9": 0}, 0, 0), []),
        ({"pieces-7": "2", "restock-7": "on"}, Selection({"7": 2, "8": 0, "9": 0}, 0, 0), [7]),
        (
            {"pieces-8": "1", "restock-7": "on", "restock-8": "on", "shipping": "4.90", "extra": "1"},
            Selection({"7": 0, "8": 1, "9": 0}, 490, 100),
            [7, 8],
        ),
    ],
)
def test_what_is_typed_is_what_goes_back(order, typed, selection, restock):
    form = RefundForm(order, PARTS, {"token": "press", "reason": "other", **typed})

    assert form.is_valid(), form.errors
    assert (form.selection, form.restock) == (selection, restock)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"pieces-7": "3"}, "pieces-7"),
        ({"pieces-7": "-1"}, "pieces-7"),
        ({"shipping": "4.905"}, "shipping"),
        ({"extra": "much"}, "extra"),
        ({"reason": "twice"}, "reason"),
        ({"token": ""}, "token"),
        ({"token": "t" * 33}, "token"),
        ({"note": "n" * 301}, "note"),
    ],
)
def test_what_can_not_be_is_marked_where_it_was_typed(order, typed, field):
    form = RefundForm(order, PARTS, {"token": "press", "reason": "other", **typed})

    assert list(form.errors) == [field]
