"""Credit notes of refunds that go all the way: service, bank, job, mail."""

import re
from datetime import date

import pytest
from django.core import mail

from apps.core.invariants import audit
from apps.core.ownership import Owner
from apps.notifications.models import Message
from apps.payments.models import Invoice
from apps.payments.tests import pdf_text, refunded_orders
from apps.pricing.models import TaxRate
from apps.users.tests.factories import make_user
from tests.support.admin_pages import words

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


def test_the_mail_about_a_refund_says_all_of_it():
    order = refunded_orders.make_paid_order()
    mail.outbox.clear()

    refunded_orders.refund(order, pieces={order.lines.get(): 1}, shipping=490, extra=100, reason="damaged")
    refunded_orders.work()

    (received,) = [message for message in mail.outbox if "refunded" in message.subject]
    link = re.search(r"http://testserver/orders/link/\S+/", received.body)[0]
    assert (received.subject, received.to) == (f"We refunded €25.89 of order {order.number}", ["ada@example.com"])
    assert received.body == (
        "Hello,\n\n"
        f"we have sent €25.89 of order {order.number} back to you, the way you paid. "
        "It takes a few days until you see it.\n\n"
        "1 × Mug: €19.99\nDelivery: €4.90\nExtra amount: €1.00\nRefunded: €25.89\nTax in it: €4.12\n\n"
        "The credit note is attached.\n\n"
        f"Your order, always up to date:\n{link}\n\n"
        "Stoa\nhttp://127.0.0.1:8000\n"
    )
    html = received.alternatives[0][0]
    assert f'<a class="button" href="{link}">See your order</a>' in html
    assert words(html.partition("<h1>")[2].partition("</h1>")[0]) == "Your money is on its way"
    assert words(html[html.index('<table class="rows">') :].partition("</table>")[0]) == (
        "1 × Mug €19.99 Delivery €4.90 Extra amount €1.00 Refunded €25.89"
    )


def test_the_mail_about_a_refund_speaks_the_language_of_the_order_and_is_kept_with_its_buyer():
    buyer = make_user()
    order = refunded_orders.make_paid_order(owner=Owner(user_id=buyer.pk), language="de")
    refunded_orders.refund(order, extra=100)
    refunded_orders.work()

    kept = Message.objects.get(kind="payment.refunded")
    refund = order.refunds.get()
    assert (kept.event_id, kept.language, kept.user_id) == (f"refund-{refund.ref}", "de", buyer.pk)
    assert kept.subject == f"Wir haben 1,00 € der Bestellung {order.number} erstattet"
    assert f"http://testserver/de/orders/{order.ref}/" in kept.text


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
