"""Credit notes of refunds that go all the way: service, bank, job, mail."""

from datetime import date

import pytest
from django.core import mail

from apps.core.invariants import audit
from apps.payments.models import Invoice
from apps.payments.tests import pdf_text, refunded_orders
from apps.pricing.models import TaxRate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _taxes():
    """Transactional tests before these have emptied the table that the migrations fill."""
    if not TaxRate.objects.filter(country="DE").exists():
        TaxRate.objects.create(country="DE", tax_class="standard", rate=190_000, valid_from=date(2026, 1, 1))


def test_the_mail_about_a_refund_brings_the_credit_note():
    order = refunded_orders.make_paid_order()
    refunded_orders.work()
    mail.outbox.clear()

    refunded_orders.refund(order, pieces={order.lines.get(): 1}, reason="damaged")
    refunded_orders.work()

    (received,) = [message for message in mail.outbox if message.attachments]
    ((name, content, kind),) = received.attachments
    assert (name, kind) == ("CN-000001.pdf", "application/pdf")
    said = pdf_text.text(content)
    for part in ("Credit note CN-000001", "INV-000001", "Damaged or faulty", "€19.99", "€3.19"):
        assert part in said
    assert "The credit note is attached." in received.body
    assert sorted(Invoice.unscoped.values_list("number", "total")) == [("CN-000001", 1999), ("INV-000001", 4488)]


def test_the_notes_of_a_whole_order_come_to_its_invoice():
    order = refunded_orders.make_paid_order()
    line = order.lines.get()
    for chosen in ({"pieces": {line: 1}}, {"extra": 333}, {"pieces": {line: 1}, "shipping": 400}):
        refunded_orders.refund(order, **chosen)
        refunded_orders.work()
    left = order.total - sum(Invoice.unscoped.filter(kind="credit_note").values_list("total", flat=True))
    refunded_orders.refund(order, extra=left)
    refunded_orders.work()

    notes = Invoice.unscoped.filter(kind="credit_note")
    invoice = Invoice.unscoped.get(kind="invoice")
    assert sum(notes.values_list("total", flat=True)) == invoice.total
    assert sum(notes.values_list("tax_total", flat=True)) == invoice.tax_total
    by_rate = [row for note in notes for row in note.content["tax"]]
    assert sum(row["net"] for row in by_rate) == sum(row["net"] for row in invoice.content["tax"])
    assert audit() == []
