"""A refund arrives, gets its credit note, and days later the buyer's bank sends the money back."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from apps.core.invariants import audit
from apps.orders import services as orders
from apps.payments.models import Invoice, NumberSeries, Refund
from apps.payments.services import check_payment, invoicing, refunds
from apps.payments.tests import pdf_text
from apps.payments.tests.stripe.conftest import deliver
from apps.payments.tests.stripe.shop import kinds, order_of, placed, take_in, work
from apps.pricing.refunding import Selection
from apps.users.tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment(stripe):
    payment = placed()
    stripe.control.pay(payment.session_ref)
    take_in(stripe)
    return payment


def refund(stripe, payment, amount, token):
    made = refunds.refund_order(
        order_id=payment.order_id, selection=Selection(extra=amount), reason="goodwill", token=token, actor=None
    )
    work()
    take_in(stripe)
    return Refund.unscoped.get(pk=made.pk)


def bank_returns(stripe, returned):
    stripe.control.fail_refund(returned.provider_ref)
    take_in(stripe)


def documents():
    rows = Invoice.unscoped.order_by("pk")
    return [(row.number, row.corrects.number if row.corrects else "", row.effect.amount) for row in rows]


def test_the_note_is_cancelled_by_a_document_and_stays_as_it_was(stripe, payment):
    order = order_of(payment)
    returned = refund(stripe, payment, 700, "a")
    note = Invoice.unscoped.get(kind="credit_note")

    bank_returns(stripe, returned)

    assert Refund.unscoped.get(pk=returned.pk).state == "failed"
    assert documents() == [
        ("INV-000001", "", order.total),
        ("CN-000001", "INV-000001", -700),
        ("CX-000001", "CN-000001", 700),
    ]
    same = Invoice.unscoped.get(pk=note.pk)
    assert (same.content, same.total, same.issued_at) == (note.content, note.total, note.issued_at)
    cancellation = Invoice.unscoped.get(kind="cancellation")
    assert cancellation.content["tax"] == note.content["tax"]
    assert cancellation.content["totals"] == note.content["totals"]
    assert (cancellation.tax_effect, cancellation.order_id) == (-note.tax_effect, order.pk)
    assert kinds(order)[-2:] == ["refund_failed", "attention"]
    assert audit() == []


def test_told_again_and_again_it_is_cancelled_once(stripe, payment):
    returned = refund(stripe, payment, 700, "a")
    bank_returns(stripe, returned)

    for event in stripe.control.events():
        assert deliver(*stripe.control.signed(event["id"])) == 200
    work()
    again = invoicing.cancel_credit_note(refund_id=returned.pk)

    assert again == Invoice.unscoped.get(kind="cancellation")
    assert invoicing.issue_missing() == 0
    assert len(documents()) == 3


def test_the_whole_order_can_be_credited_by_other_amounts_afterwards(stripe, payment):
    order = order_of(payment)
    returned = refund(stripe, payment, order.total, "a")
    bank_returns(stripe, returned)

    refund(stripe, payment, 1000, "b")
    refund(stripe, payment, order.total - 1000, "c")

    assert [row[0] for row in documents()] == ["INV-000001", "CN-000001", "CX-000001", "CN-000002", "CN-000003"]
    assert sum(row[2] for row in documents()) == 0
    assert order_of(payment).refund_state == "full"
    assert audit() == []


def test_a_retry_gets_a_note_of_its_own(stripe, payment):
    returned = refund(stripe, payment, 700, "a")
    bank_returns(stripe, returned)

    refunds.retry_refund(refund_id=returned.pk, actor=None)
    work()
    take_in(stripe)

    assert [row[0] for row in documents()] == ["INV-000001", "CN-000001", "CX-000001", "CN-000002"]
    assert audit() == []


def test_money_that_came_back_before_its_note_was_issued_has_no_document(stripe, payment):
    made = refunds.refund_order(
        order_id=payment.order_id, selection=Selection(extra=700), reason="goodwill", token="a", actor=None
    )
    refunds.send_refund(refund_id=made.pk)
    stripe.control.fail_refund(Refund.unscoped.get(pk=made.pk).provider_ref)
    check_payment(payment_id=payment.pk)  # before any job: they run in no promised order
    take_in(stripe)

    assert [row[0] for row in documents()] == ["INV-000001"]
    assert not NumberSeries.objects.filter(name="CX").exists()
    assert audit() == []


def test_the_order_page_and_the_admin_say_that_the_note_no_longer_counts(stripe, payment):
    order = order_of(payment)
    bank_returns(stripe, refund(stripe, payment, 700, "a"))
    token = orders.issue_guest_link(order=order)
    customer, staff = Client(), Client()
    customer.get(f"/orders/link/{token}/")
    clerk = make_user(email="clerk@example.com", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=["view_invoice", "view_order"]))
    staff.force_login(clerk)
    note = Invoice.unscoped.get(kind="credit_note")
    cancellation = Invoice.unscoped.get(kind="cancellation")

    page = customer.get(order.get_absolute_url()).content.decode()
    admin_order = staff.get(f"/admin/orders/order/{order.pk}/change/").content.decode()
    admin_note = staff.get(f"/admin/payments/invoice/{note.pk}/change/").content.decode()
    pdf = customer.get(f"{order.get_absolute_url()}invoices/{cancellation.ref}/")

    assert page.count("no longer counts") == 1
    assert page.index("CN-000001") < page.index("no longer counts") < page.index("CX-000001")
    assert "Cancelled credit note" in page
    assert "cancels CN-000001" in admin_order
    assert f'<a href="/admin/payments/invoice/{cancellation.pk}/change/">CX-000001</a>' in admin_note
    said = pdf_text.text(pdf.content)
    for part in ("Cancelled credit note CX-000001", "CN-000001", "The refund came back", "No longer credited", "€7.00"):
        assert part in said
