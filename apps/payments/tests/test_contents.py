"""What is written into a document: every word and figure of it."""

from datetime import UTC, datetime

import pytest

from apps.orders.models import Order, OrderLine
from apps.orders.tests.factories import ADDRESS
from apps.orders.tests.factories import make_order as place_order
from apps.payments.documents.content import (
    DoesNotAddUp,
    cancellation_content,
    credit_note_content,
    invoice_content,
    order_taxes,
    refund_taxes,
)
from apps.payments.documents.seller import seller
from apps.payments.documents.words import words
from apps.payments.models import Invoice, Refund, RefundLine
from apps.payments.services import invoicing
from apps.payments.tests.test_invoicing import make_refund

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

LATE = datetime(2026, 11, 5, 23, 30, tzinfo=UTC)  # half past midnight in the shop
HER = {**ADDRESS, "lines": ["Ada Lovelace", "Lange Straße 1", "10115 Berlin", "Germany"]}
HIS = {**HER, "name": "Charles Babbage", "lines": ["Charles Babbage", *HER["lines"][1:]]}
FULL, REDUCED = 190_000, 70_000


def make_order(**columns):
    return Order(
        **{
            "number": "7K2M-9QXD",
            "language": "en",
            "currency": "EUR",
            "prices_include_tax": True,
            "placed_at": datetime(2026, 11, 1, 8, tzinfo=UTC),
            "paid_at": datetime(2026, 11, 2, 8, tzinfo=UTC),
            "billing_address": ADDRESS,
            "shipping_address": {**ADDRESS, "name": "Charles Babbage"},
            "shipping_label": "Standard",
            "subtotal": 3998,
            "discount_total": 150,
            "shipping_total": 490,
            "tax_total": 693,
            "tax_added": 0,
            "total": 4338,
            "tax_lines": [{"rate": FULL, "taxable": 3645, "tax": 693}],
            "discounts": [{"name": "Autumn sale", "code": "AUTUMN", "amount": 100}],
            **columns,
        }
    )


def make_line(order):
    return OrderLine(
        order=order,
        sku="FJ-1",
        title="Fjord mug",
        option_text="Sea green",
        quantity=2,
        unit_price=1999,
        discount=100,
        amount=3998,
        tax_rate=FULL,
        tax=622,
    )


def head(kind, number, order_number="7K2M-9QXD"):
    return {
        "version": 1,
        "kind": kind,
        "language": "en",
        "words": words(kind),
        "number": number,
        "date": "2026-11-06",
        "order": {"number": order_number, "date": "2026-11-01", "paid": "2026-11-02"},
        "seller": seller(),
        "buyer": HER,
        "recipient": HIS,
        "delivery_method": "Standard",
        "currency": "EUR",
        "prices_include_tax": True,
    }


def make_invoice(order):
    content = invoice_content(order, [make_line(order)], number="INV-1", issued_at=LATE)
    return Invoice(kind="invoice", order=order, number="INV-1", content=content)


def test_an_invoice():
    assert make_invoice(make_order()).content == {
        **head("invoice", "INV-1"),
        "lines": [
            {
                "sku": "FJ-1",
                "title": "Fjord mug",
                "options": "Sea green",
                "quantity": 2,
                "unit_price": 1999,
                "discount": 100,
                "amount": 3998,
                "tax_rate": FULL,
                "tax": 622,
            }
        ],
        "discounts": [
            {"name": "Autumn sale", "code": "AUTUMN", "amount": 100},
            {"name": "", "code": "", "amount": 50},
        ],
        "tax": [{"rate": FULL, "net": 3645, "tax": 693, "gross": 4338}],
        "totals": {"goods": 3998, "discount": 150, "delivery": 490, "tax": 693, "tax_added": 0, "total": 4338},
    }


def test_a_credit_note_and_its_cancellation():
    order = make_order()
    refund = Refund(
        order=order,
        reason="damaged",
        currency="EUR",
        amount=2499,
        goods_amount=1949,
        shipping_amount=490,
        extra_amount=60,
        tax=399,
    )
    line = RefundLine(refund=refund, order_line=make_line(order), quantity=1, amount=1949, tax=311)

    content = credit_note_content(refund, [line], make_invoice(order), number="CN-1", issued_at=LATE)

    assert content == {
        **head("credit_note", "CN-1"),
        "corrects": {"number": "INV-1", "date": "2026-11-06"},
        "reason": "Damaged or faulty",
        "lines": [
            {
                "sku": "FJ-1",
                "title": "Fjord mug",
                "options": "Sea green",
                "quantity": 1,
                "amount": 1949,
                "tax_rate": FULL,
                "tax": 311,
            }
        ],
        "tax": [{"rate": FULL, "net": 2100, "tax": 399, "gross": 2499}],
        "totals": {"goods": 1949, "delivery": 490, "reduction": 60, "tax": 399, "total": 2499},
    }

    moved = make_order(billing_address={}, shipping_address={})
    note = Invoice(kind="credit_note", order=moved, number="CN-1", content=content)
    later = datetime(2026, 11, 9, 8, tzinfo=UTC)

    assert cancellation_content(note, number="CC-1", issued_at=later) == {
        **content,
        **head("cancellation", "CC-1"),
        "date": "2026-11-09",
        "corrects": {"number": "CN-1", "date": "2026-11-06"},
        "reason": "The refund came back",
    }


@pytest.mark.parametrize(
    ("rows", "total", "taxes"),
    [
        (
            [{"rate": FULL, "taxable": 100, "tax": 19}, {"rate": REDUCED, "taxable": 100, "tax": 7}],
            226,
            [
                {"rate": FULL, "net": 100, "tax": 19, "gross": 119},
                {"rate": REDUCED, "net": 100, "tax": 7, "gross": 107},
            ],
        ),
        (
            [{"rate": FULL, "taxable": 100, "tax": 26}],
            130,
            [{"rate": FULL, "net": 100, "tax": 26, "gross": 126}, {"rate": 0, "net": 4, "tax": 0, "gross": 4}],
        ),
        ([{"rate": FULL, "taxable": 100, "tax": 26}], 126, [{"rate": FULL, "net": 100, "tax": 26, "gross": 126}]),
    ],
)
def test_the_taxes_of_an_order_and_what_is_not_taxed(rows, total, taxes):
    assert order_taxes(Order(tax_lines=rows, tax_total=26, total=total)) == taxes


@pytest.mark.parametrize(("tax", "total"), [(25, 126), (27, 126), (26, 125)])
def test_taxes_that_are_not_those_of_the_order_are_refused(tax, total):
    order = Order(number="7K2M", tax_lines=[{"rate": FULL, "taxable": 100, "tax": 26}], tax_total=tax, total=total)
    with pytest.raises(DoesNotAddUp, match=r"^The taxes of order 7K2M are not those of its rates\.$"):
        order_taxes(order)


TWO_RATES = [
    {"rate": FULL, "net": 300, "tax": 57, "gross": 357},
    {"rate": REDUCED, "net": 100, "tax": 7, "gross": 107},
    {"rate": 0, "net": 0, "tax": 0, "gross": 0},
]


@pytest.mark.parametrize(
    ("explained", "rates", "taxes"),
    [
        # Its own explanation has them.
        ([(REDUCED, 100, 12)], TWO_RATES, [(REDUCED, 88, 12, 100)]),
        # It does not add up to the amount or to the tax, or there is none: spread over the rates of the invoice.
        ([(REDUCED, 99, 12)], TWO_RATES, [(FULL, 66, 11, 77), (REDUCED, 22, 1, 23)]),
        ([(REDUCED, 100, 11)], TWO_RATES, [(FULL, 66, 11, 77), (REDUCED, 22, 1, 23)]),
        ([], TWO_RATES, [(FULL, 66, 11, 77), (REDUCED, 22, 1, 23)]),
        # Rates that weigh nothing: all to the first one.
        ([], [{"rate": 0, "net": 0, "tax": 0, "gross": 0}] * 2, [(0, 88, 12, 100)]),
    ],
)
def test_the_taxes_of_a_refund_are_explained_or_spread_over_the_rates_of_its_invoice(explained, rates, taxes):
    lines = [dict(zip(("rate", "amount", "tax"), row, strict=True)) for row in explained]
    refund = Refund(amount=100, tax=12, currency="EUR", explanation={"figures": {"tax_lines": lines}})

    found = refund_taxes(refund, Invoice(content={"tax": rates}))

    assert found == [dict(zip(("rate", "net", "tax", "gross"), row, strict=True)) for row in taxes]
    assert refund_taxes(Refund(amount=0, tax=0, currency="EUR"), Invoice(content={"tax": rates})) == []


def test_each_document_is_a_row_of_its_own_series_with_its_sums_and_what_it_corrects(settings):
    settings.INVOICE_SERIES, settings.CREDIT_NOTE_SERIES, settings.CANCELLATION_SERIES = "R", "G", "S"
    order = place_order(paid=True)
    refund = make_refund(order, 500, tax=80)
    invoicing.issue_invoices(order_ids=[order.pk], issued_at={order.pk: LATE})
    note = invoicing.issue_credit_note(refund_id=refund.pk, issued_at=LATE)
    Refund.unscoped.filter(pk=refund.pk).update(state="failed")
    cancelled = invoicing.cancel_credit_note(refund_id=refund.pk)
    invoice = Invoice.unscoped.get(kind="invoice")

    columns = ("kind", "series", "sequence", "number", "order", "refund", "corrects", "currency", "total", "tax_total")
    assert list(Invoice.unscoped.order_by("pk").values_list(*columns)) == [
        ("invoice", "R", 1, "R-000001", order.pk, None, None, "EUR", 2489, 397),
        ("credit_note", "G", 1, "G-000001", order.pk, refund.pk, invoice.pk, "EUR", 500, 80),
        ("cancellation", "S", 1, "S-000001", order.pk, None, note.pk, "EUR", 500, 80),
    ]
    assert (invoice.issued_at, note.issued_at) == (LATE, LATE)
    assert [row.content["number"] for row in (invoice, note, cancelled)] == ["R-000001", "G-000001", "S-000001"]
    assert [row.content["date"] for row in (invoice, note)] == ["2026-11-06", "2026-11-06"]


def test_what_is_missing_is_issued_by_the_day_of_its_payment_and_refund():
    orders = [place_order(paid=True) for _ in range(3)]
    refunds = [make_refund(order, 500, tax=80) for order in orders]
    for days, order, refund in zip((3, 1, 2), orders, refunds, strict=True):
        Order.unscoped.filter(pk=order.pk).update(paid_at=datetime(2026, 11, days, 8, tzinfo=UTC))
        Refund.unscoped.filter(pk=refund.pk).update(settled_at=datetime(2026, 11, days + 10, 8, tzinfo=UTC))

    assert invoicing.issue_missing(backdate=True) == 6

    first, second, third = orders[1], orders[2], orders[0]
    rows = Invoice.unscoped.order_by("pk").values_list("number", "order", "issued_at__day")
    assert list(rows) == [
        ("INV-000001", first.pk, 1),
        ("INV-000002", second.pk, 2),
        ("INV-000003", third.pk, 3),
        ("CN-000001", first.pk, 11),
        ("CN-000002", second.pk, 12),
        ("CN-000003", third.pk, 13),
    ]
    assert invoicing.issue_missing() == 0
