"""What the audit says of invoices and credit notes that should not be as they are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps.catalog.tests.factories import make_variant
from apps.core.invariants import audit
from apps.orders.models import Order
from apps.orders.tests.factories import make_order
from apps.payments.documents.seller import seller_notes
from apps.payments.models import Invoice, Refund
from apps.payments.services import invoicing
from apps.payments.tests.test_invoicing import make_refund

pytestmark = pytest.mark.django_db

OURS = (
    "payments.series_have_no_gaps",
    "payments.paid_order_has_invoice",
    "payments.invoice_is_of_its_order",
    "payments.refund_has_credit_note",
    "payments.returned_refund_has_no_credit",
    "payments.credited_within_invoice",
)


def findings():
    return [finding.detail for finding in audit() if finding.invariant in OURS]


def sql(statement, *values):
    """Past every door of the code, as a person with the database's password would."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_nothing_is_said_of_documents_as_they_are_issued():
    order = make_order(paid=True)
    invoicing.issue_credit_note(refund_id=make_refund(order, 500).pk)
    invoicing.issue_invoice(order_id=make_order(paid=True).pk)

    assert findings() == []


def test_a_missing_number_is_found():
    for _ in range(3):
        invoicing.issue_invoice(order_id=make_order(paid=True).pk)
    sql("UPDATE payments_invoice SET sequence = 9 WHERE sequence = 2")

    assert findings() == ["Series INV has 3 documents from 1 to 9."]


def test_a_lost_last_number_is_found():
    invoicing.issue_invoice(order_id=make_order(paid=True).pk)
    sql("UPDATE payments_numberseries SET last = 2")

    assert findings() == ["Series INV has 1 documents from 1 to 1."]


def test_a_paid_order_without_invoice_is_found_after_a_while():
    order = make_order(paid=True)
    assert findings() == []

    Order.unscoped.filter(pk=order.pk).update(paid_at=timezone.now() - timedelta(hours=3))

    assert findings() == [f"Order {order.number} is paid and has no invoice."]


def test_other_money_than_the_orders_is_found():
    invoicing.issue_invoice(order_id=make_order(paid=True).pk)
    sql("UPDATE payments_invoice SET total = total + 1")

    assert findings() == [
        "Invoice INV-000001 is not of the amount of its order.",
        "The taxes of INV-000001 are not those of its total.",
    ]


def test_a_refund_without_credit_note_is_found_after_a_while():
    order = make_order(paid=True)
    invoicing.issue_invoice(order_id=order.pk)
    refund = make_refund(order, 500)
    assert findings() == []

    Refund.unscoped.filter(pk=refund.pk).update(settled_at=timezone.now() - timedelta(hours=3))

    assert findings() == [f"A refund of order {order.number} has no credit note."]


def test_a_note_whose_money_came_back_is_found_after_a_while():
    order = make_order(paid=True)
    failing = make_refund(order, 500)
    invoicing.issue_credit_note(refund_id=failing.pk)
    Refund.unscoped.filter(pk=failing.pk).update(state="failed")
    assert findings() == []

    Refund.unscoped.update(settled_at=timezone.now() - timedelta(hours=3))

    assert findings() == ["The refund of CN-000001 came back, and nothing cancels it."]
    invoicing.issue_missing()
    assert findings() == []


def test_the_cancellation_of_a_note_in_force_is_found():
    refund = make_refund(make_order(paid=True), 500)
    invoicing.issue_credit_note(refund_id=refund.pk)
    Refund.unscoped.update(state="failed")
    invoicing.cancel_credit_note(refund_id=refund.pk)

    Refund.unscoped.update(state="succeeded")

    assert findings() == ["CX-000001 cancels the credit note of a refund that did not come back."]


def test_more_credit_than_the_invoice_is_found():
    order = make_order(paid=True)
    invoicing.issue_credit_note(refund_id=make_refund(order, 2000).pk)
    sql("UPDATE payments_invoice SET total = 2490 WHERE kind = 'credit_note'")

    assert "The credit notes of INV-000001 come to more than it." in findings()


def test_the_audit_asks_the_same_for_one_and_for_24(django_assert_num_queries):
    from apps.payments.documents.audit import CHECKS

    def ask():
        return [detail for check in CHECKS.values() for detail in check()]

    invoicing.issue_invoice(order_id=make_order(paid=True).pk)
    with django_assert_num_queries(9):
        assert ask() == []
    variant = make_variant(on_hand=23)
    for _ in range(23):
        invoicing.issue_invoice(order_id=make_order(lines={variant: 1}, paid=True).pk)
    with django_assert_num_queries(9):
        assert ask() == []
    assert Invoice.unscoped.count() == 24


def test_doctor_tells_of_a_sample_address_and_a_missing_number(settings):
    def notes():
        return [(str(note.text), note.done) for note in seller_notes()]

    settings.SHOP_LEGAL_ADDRESS, settings.SHOP_VAT_ID = [], ""
    assert notes() == [
        ("Invoices carry a sample address: write your legal name and address into the shop data.", False)
    ]
    settings.SHOP_LEGAL_ADDRESS = ["Kiln Ltd", "1 Oven Road"]
    assert notes() == [("Invoices carry no VAT number: write it into the shop data, unless you have none.", False)]
    settings.SHOP_VAT_ID = "DE123456789"
    assert notes() == [("Invoices name the seller.", True)]
