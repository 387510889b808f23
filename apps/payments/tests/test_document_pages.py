"""Invoices and credit notes where buyers meet them: the order's page, the download, the mail."""

import pytest
from django.core import mail
from django.test import Client

from apps.catalog.tests.factories import make_variant
from apps.core.ownership import Owner
from apps.jobs.models import Job
from apps.jobs.worker import Worker
from apps.orders import services as orders
from apps.orders.models import Order
from apps.orders.tests.factories import make_cart, make_order
from apps.orders.tests.providers import FlatRates, PaperMethod, registered
from apps.orders.tests.shopper import Shopper, swap
from apps.payments.models import Invoice
from apps.payments.services import invoicing
from apps.payments.tests import pdf_text
from apps.payments.tests.test_invoicing import make_refund
from apps.users.models import User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database("sqlite")]


@pytest.fixture(autouse=True)
def _providers():
    with registered(methods=[PaperMethod()], rates=[FlatRates()]):
        yield


@pytest.fixture
def shopper():
    return Shopper()


@pytest.fixture
def order(shopper):
    """A guest's order whose money has arrived."""
    shopper.add(make_variant(title="Fjord mug").sku)
    shopper.place()
    order = Order.unscoped.get()
    orders.record_payment(order_id=order.pk, amount=order.total, currency="EUR", payment_ref="p")
    return Order.unscoped.get()


def html(response):
    return response.content.decode()


def path_of(document):
    return f"/orders/{document.order.ref}/invoices/{document.ref}/"


def test_a_paid_order_waits_for_its_invoice_and_then_shows_it(shopper, order):
    waiting = html(shopper.get(order.get_absolute_url()))
    assert 'hx-trigger="load delay:2s" hx-select="#order-documents"' in waiting
    assert "Your invoice is being made." in waiting

    document = invoicing.issue_invoice(order_id=order.pk)
    shown = html(shopper.get(order.get_absolute_url(), headers=swap("order-documents")))

    assert "<html" in shown  # the page, from which htmx takes the section
    assert "hx-select" not in shown
    assert f'href="{path_of(document)}" download>INV-000001<' in shown
    assert "€24.89" in shown


def test_an_unpaid_order_says_nothing_of_invoices(shopper):
    shopper.add(make_variant().sku)
    shopper.place()

    assert "order-documents" not in html(shopper.get(Order.unscoped.get().get_absolute_url()))


def test_the_live_status_brings_the_section(shopper, order):
    invoicing.issue_invoice(order_id=order.pk)

    fragment = html(shopper.get(f"{order.get_absolute_url()}status/?seen=1", headers=swap("order-status")))

    assert '<div id="order-sections" class="stack" hx-swap-oob="true">' in fragment
    assert "INV-000001" in fragment
    assert "<html" not in fragment


def test_credit_notes_stand_below_with_what_came_back(shopper, order):
    invoicing.issue_credit_note(refund_id=make_refund(order, 500).pk)

    page = html(shopper.get(order.get_absolute_url()))

    assert page.index("INV-000001") < page.index("CN-000001")
    assert "-€5.00" in page


def test_the_page_reads_many_notes_with_one_statement(shopper, order, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    invoicing.issue_invoice(order_id=order.pk)
    with CaptureQueriesContext(connection) as few:
        shopper.get(order.get_absolute_url())
    for _ in range(23):
        invoicing.issue_credit_note(refund_id=make_refund(order, 1).pk)

    with django_assert_num_queries(len(few)):
        page = html(shopper.get(order.get_absolute_url()))

    assert "CN-000023" in page


# --- The download.


def test_the_owner_downloads_the_document_as_it_was_issued(shopper, order):
    document = invoicing.issue_invoice(order_id=order.pk)

    response = shopper.get(path_of(document))

    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response["Content-Disposition"] == 'attachment; filename="INV-000001.pdf"'
    assert set(response["Cache-Control"].split(", ")) == {"private", "no-store"}
    assert response["X-Robots-Tag"] == "noindex"
    assert "Invoice INV-000001" in pdf_text.text(response.content)
    assert shopper.get(path_of(document)).content == response.content


def test_a_customer_downloads_their_own(client):
    user = User.objects.create_user("grace@example.com")
    order = make_order(owner=make_cart(owner=Owner(user_id=user.pk)), paid=True)
    document = invoicing.issue_invoice(order_id=order.pk)

    assert client.get(path_of(document)).status_code == 404
    client.force_login(user)
    assert client.get(path_of(document)).status_code == 200


def test_nobody_else_gets_it(order):
    document = invoicing.issue_invoice(order_id=order.pk)
    stranger, signed_in = Shopper(), Client()
    stranger.add(make_variant().sku)
    signed_in.force_login(User.objects.create_user("mallory@example.com"))

    for visitor in (Client(), stranger, signed_in):
        assert visitor.get(path_of(document)).status_code == 404
        assert visitor.get(f"/orders/{order.ref}/invoices/none/").status_code == 404


def test_a_document_hangs_below_its_own_order_only(shopper, order):
    document = invoicing.issue_invoice(order_id=order.pk)
    shopper.add(make_variant().sku)
    shopper.place()
    other = Order.unscoped.exclude(pk=order.pk).get()

    assert shopper.get(f"/orders/{other.ref}/invoices/{document.ref}/").status_code == 404
    assert shopper.get(f"/orders/{order.ref}/invoices/{document.number}/").status_code == 404


def test_whoever_came_by_a_link_gets_it_until_the_link_is_revoked(client, order):
    document = invoicing.issue_invoice(order_id=order.pk)
    client.get(f"/orders/link/{orders.issue_guest_link(order=order)}/")
    assert client.get(path_of(document)).status_code == 200

    orders.revoke_guest_links(order=order)

    assert client.get(path_of(document)).status_code == 404


def test_a_document_can_not_be_posted_to(shopper, order):
    document = invoicing.issue_invoice(order_id=order.pk)

    assert shopper.post(path_of(document)).status_code == 405
    assert shopper.head(path_of(document)).status_code == 200


# --- The mail.


def test_the_mail_about_the_payment_brings_the_invoice(order):
    Worker().drain()

    received = next(message for message in mail.outbox if "Payment received" in message.subject)
    ((name, content, kind),) = received.attachments
    assert (name, kind) == ("INV-000001.pdf", "application/pdf")
    assert "Invoice INV-000001" in pdf_text.text(content)
    assert "Your invoice is attached." in received.body
    assert [message.attachments for message in mail.outbox if message is not received] == [[]]
    assert Invoice.unscoped.count() == 1


def test_a_mail_that_is_faster_than_the_job_issues_the_invoice_itself(order):
    Job.objects.filter(task_path__endswith="issue_invoice").delete()

    Worker().drain()

    assert [message.attachments[0][0] for message in mail.outbox if message.attachments] == ["INV-000001.pdf"]
    assert Invoice.unscoped.get().order == order
