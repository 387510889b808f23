"""Invoices in the admin: found, read, downloaded, handed on by the month; never changed."""

import csv
import io
import zipfile
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.catalog.tests.factories import make_variant
from apps.orders.tests.factories import make_order
from apps.payments.models import Invoice
from apps.payments.services import invoicing
from apps.payments.tests import pdf_text
from apps.payments.tests.test_invoicing import make_refund
from apps.users.tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

LIST = "/admin/payments/invoice/"


def html(response):
    return response.content.decode()


@pytest.fixture
def clerk(client):
    """A browser of staff who may see orders and invoices."""
    user = make_user(email="clerk@example.com", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_invoice", "view_order"]))
    client.force_login(user)
    return client


def issue(*, on=None, order=None):
    order = order or make_order(paid=True)
    invoicing.issue_invoices(order_ids=[order.pk], issued_at={order.pk: on} if on else None)
    return Invoice.unscoped.get(order=order, kind="invoice")


def test_a_document_is_found_by_its_number_or_that_of_its_order(clerk):
    first, second = issue(), issue()

    for term in ("INV-000002", "inv-000002", second.order.number, second.order.number.lower()):
        page = html(clerk.get(LIST, {"q": term}))
        assert "INV-000002" in page
        assert "INV-000001" not in page
    assert first.number not in html(clerk.get(LIST, {"q": "INV"}))


def test_without_a_document_no_month_is_offered(clerk):
    page = html(clerk.get(LIST))
    assert "There is nothing here yet." in page
    assert "?month=" not in page


def test_credit_notes_count_against(clerk):
    order = make_order(paid=True)
    invoicing.issue_credit_note(refund_id=make_refund(order, 500, tax=80).pk)

    page = html(clerk.get(LIST, {"kind__exact": "credit_note"}))

    assert "CN-000001" in page
    assert "-€5.00" in page
    assert "INV-000001" not in page


def test_the_list_takes_the_same_statements_for_one_and_for_24(clerk):
    issue()
    with CaptureQueriesContext(connection) as one:
        clerk.get(LIST)
    variant = make_variant(on_hand=23)
    for _ in range(23):
        issue(order=make_order(lines={variant: 1}, paid=True))
    with CaptureQueriesContext(connection) as many:
        page = html(clerk.get(LIST))

    assert "INV-000024" in page
    assert len(many) == len(one)
    assert not [query["sql"] for query in many if '"payments_invoice"."content"' in query["sql"]]


def test_the_page_shows_and_changes_nothing(clerk):
    document = issue()

    page = html(clerk.get(f"{LIST}{document.pk}/change/"))
    refused = clerk.post(f"{LIST}{document.pk}/change/", {"number": "INV-9"})

    assert "Ada Lovelace, Lange Straße 1, 10115 Berlin, Germany" in page
    assert f'href="{LIST}{document.pk}/pdf/"' in page
    assert 'name="number"' not in page
    assert refused.status_code in {403, 405}
    assert Invoice.unscoped.get().number == "INV-000001"


def test_staff_download_the_same_file_as_the_buyer(clerk):
    document = issue()

    response = clerk.get(f"{LIST}{document.pk}/pdf/")

    assert response["Content-Disposition"] == 'attachment; filename="INV-000001.pdf"'
    assert "Invoice INV-000001" in pdf_text.text(response.content)
    assert clerk.get(f"{LIST}{document.pk + 1}/pdf/").status_code == 404


def test_the_page_of_an_order_has_a_box_of_its_documents(clerk):
    order = make_order(paid=True)
    before = html(clerk.get(f"/admin/orders/order/{order.pk}/change/"))
    document = issue(order=order)
    after = html(clerk.get(f"/admin/orders/order/{order.pk}/change/"))

    assert "Nothing issued yet" in before
    assert f'<a href="{LIST}{document.pk}/change/">INV-000001</a>' in after


def test_a_month_is_one_zip_with_a_table(clerk):
    november = datetime(2026, 11, 30, 22, 59, tzinfo=UTC)
    last = issue(on=november)
    issue(on=datetime(2026, 11, 30, 23, 0, tzinfo=UTC))  # midnight in Berlin
    page = html(clerk.get(LIST))
    assert '<option value="2026-11">November 2026</option>' in page
    assert '<option value="2026-12">December 2026</option>' in page

    response = clerk.get(f"{LIST}month/", {"month": "2026-11"})

    assert response["Content-Disposition"] == 'attachment; filename="documents-2026-11.zip"'
    assert response["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert archive.namelist() == ["INV-000001.pdf", "documents.csv"]
    assert "Invoice INV-000001" in pdf_text.text(archive.read("INV-000001.pdf"))
    (row,) = csv.DictReader(io.StringIO(archive.read("documents.csv").decode("utf-8-sig")))
    assert row == {
        "number": "INV-000001",
        "kind": "invoice",
        "date": "2026-11-30",
        "order": last.order.number,
        "corrects": "",
        "currency": "EUR",
        "net": "20.92",
        "tax": "3.97",
        "total": "24.89",
        "file": "INV-000001.pdf",
    }


def test_the_list_is_read_by_the_month(clerk):
    issue(on=datetime(2026, 9, 30, 21, 59, tzinfo=UTC))  # the last minute of September in Berlin
    issue(on=datetime(2026, 11, 1, 12, 0, tzinfo=UTC))

    page = html(clerk.get(LIST, {"month": "2026-09"}))
    assert "INV-000001" in page
    assert "INV-000002" not in page
    assert [link in page for link in ("?month=2026-11", "?month=2026-10", "?month=2026-08")] == [True, True, False]
    assert "INV-000" not in html(clerk.get(LIST, {"month": "2026-10"}))
    assert clerk.get(LIST, {"month": "2026-13"})["Location"] == f"{LIST}?e=1"


def test_credit_notes_are_negative_in_the_table(clerk):
    order = make_order(paid=True)
    note = invoicing.issue_credit_note(refund_id=make_refund(order, 500, tax=80).pk)

    response = clerk.get(f"{LIST}month/", {"month": note.content["date"][:7]})

    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    rows = {
        row["number"]: row for row in csv.DictReader(io.StringIO(archive.read("documents.csv").decode("utf-8-sig")))
    }
    assert (rows["CN-000001"]["corrects"], rows["CN-000001"]["total"]) == ("INV-000001", "-5.00")
    assert (rows["CN-000001"]["net"], rows["CN-000001"]["tax"]) == ("-4.20", "-0.80")


@pytest.mark.parametrize("month", ["", "2020-01", "nonsense", "2026-13"])
def test_a_month_without_documents_is_404(clerk, month):
    issue()

    assert clerk.get(f"{LIST}month/", {"month": month}).status_code == 404
