"""Invoices and credit notes: when they are issued, by which number, saying what."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from apps.catalog.tests.factories import make_variant
from apps.jobs.models import Job
from apps.orders import services as orders
from apps.orders.models import Order, OrderLine
from apps.orders.tests.factories import ADDRESS, make_order
from apps.payments.documents.content import DoesNotAddUp, invoice_content
from apps.payments.documents.files import credit_note_file
from apps.payments.documents.tasks import issue_missing
from apps.payments.models import Invoice, NumberSeries, Payment, Refund, RefundLine
from apps.payments.models.invoice import ImmutableDocument
from apps.payments.services import invoicing
from apps.payments.services.invoicing import CreditExceedsInvoice, NothingToInvoice

pytestmark = pytest.mark.django_db


def make_refund(order, amount, *, state="succeeded", lines=(), tax=0, **columns):
    """A refund of the order's money as the refund service leaves it; lines are (order line, pieces, amount, tax)."""
    payment = Payment.unscoped.filter(order=order).first() or Payment.unscoped.create(
        order=order, method="sandbox", state="succeeded", amount=order.total, currency="EUR", captured=order.total
    )
    goods = sum(line[2] for line in lines)
    shipping = columns.pop("shipping_amount", 0)
    refund = Refund.unscoped.create(
        order=order,
        payment=payment,
        state=state,
        currency=order.currency,
        amount=amount,
        goods_amount=goods,
        shipping_amount=shipping,
        extra_amount=amount - goods - shipping,
        tax=tax,
        idempotency_key=f"refund-{Refund.unscoped.count()}",
        settled_at=timezone.now(),
        **columns,
    )
    for line, pieces, worth, line_tax in lines:
        RefundLine.unscoped.create(refund=refund, order_line=line, quantity=pieces, amount=worth, tax=line_tax)
    return refund


def numbers():
    return list(Invoice.unscoped.order_by("pk").values_list("number", flat=True))


# --- Invoices.


def test_a_paid_order_gets_the_next_number():
    first, second = make_order(paid=True), make_order(paid=True)

    invoicing.issue_invoice(order_id=second.pk)
    invoicing.issue_invoice(order_id=first.pk)

    assert list(Invoice.unscoped.order_by("pk").values_list("number", "order_id", "series", "sequence")) == [
        ("INV-000001", second.pk, "INV", 1),
        ("INV-000002", first.pk, "INV", 2),
    ]


def test_an_invoice_has_the_days_of_order_payment_and_issue_as_the_shop_counts_them():
    order = make_order(paid=True)
    days = {"placed_at": datetime(2026, 11, 1, 23, 30, tzinfo=UTC), "paid_at": datetime(2026, 11, 3, 8, tzinfo=UTC)}
    Order.unscoped.filter(pk=order.pk).update(**days)

    invoicing.issue_invoices(order_ids=[order.pk], issued_at={order.pk: datetime(2026, 11, 5, 8, tzinfo=UTC)})

    content = Invoice.unscoped.get().content
    assert content["order"] == {"number": order.number, "date": "2026-11-02", "paid": "2026-11-03"}
    assert content["date"] == "2026-11-05"


def test_issued_twice_it_is_the_same_invoice():
    order = make_order(paid=True)

    assert invoicing.issue_invoice(order_id=order.pk) == invoicing.issue_invoice(order_id=order.pk)
    assert numbers() == ["INV-000001"]


@pytest.mark.parametrize("close", [False, True])
def test_an_order_that_is_not_paid_gets_none(close):
    order = make_order()
    if close:
        orders.cancel_order(order_id=order.pk, restock=True, actor=None)

    with pytest.raises(NothingToInvoice):
        invoicing.issue_invoice(order_id=order.pk)

    assert (Invoice.unscoped.count(), NumberSeries.objects.count()) == (0, 0)


def test_a_rolled_back_issue_gives_its_number_back():
    first, second = make_order(paid=True), make_order(paid=True)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        invoicing.issue_invoice(order_id=first.pk)
        raise ZeroDivisionError

    invoicing.issue_invoice(order_id=second.pk)

    assert numbers() == ["INV-000001"]
    assert NumberSeries.objects.get().last == 1


def test_another_series_begins_at_one(settings):
    invoicing.issue_invoice(order_id=make_order(paid=True).pk)
    settings.INVOICE_SERIES = "2027"

    invoicing.issue_invoice(order_id=make_order(paid=True).pk)

    assert numbers() == ["INV-000001", "2027-000001"]


def test_the_content_is_the_order_to_the_unit(settings):
    settings.SHOP_NAME, settings.SHOP_VAT_ID = "Kiln & Co", "DE123456789"
    settings.SHOP_LEGAL_ADDRESS = ["Kiln Ltd", " 1 Oven Road", ""]
    mug, book = (
        make_variant(title="Fjord mug", price=1999),
        make_variant(title="Book", price=1070, product_fields={"tax_class": "reduced"}),
    )
    order = make_order(lines={mug: 2, book: 1}, paid=True)

    content = invoicing.issue_invoice(order_id=order.pk).content

    assert content["seller"] == {"name": "Kiln & Co", "address": ["Kiln Ltd", "1 Oven Road"], "vat_id": "DE123456789"}
    assert content["buyer"]["lines"] == ["Ada Lovelace", "Lange Straße 1", "10115 Berlin", "Germany"]
    assert content["recipient"] == content["buyer"]
    assert [(line["title"], line["quantity"], line["unit_price"], line["amount"]) for line in content["lines"]] == [
        ("Fjord mug", 2, 1999, 3998),
        ("Book", 1, 1070, 1070),
    ]
    assert content["order"]["number"] == order.number
    assert content["totals"] == {
        "goods": 5068,
        "discount": 0,
        "delivery": 490,
        "tax": order.tax_total,
        "tax_added": 0,
        "total": 5558,
    }
    assert content["tax"] == [
        {"rate": 190_000, "net": 3772, "tax": 716, "gross": 4488},
        {"rate": 70_000, "net": 1000, "tax": 70, "gross": 1070},
    ]
    assert (content["currency"], content["prices_include_tax"], content["language"]) == ("EUR", True, "en")
    assert json.loads(json.dumps(content)) == content


def test_what_is_not_taxed_is_a_row_of_its_own():
    order = make_order(paid=True)
    Order.unscoped.filter(pk=order.pk).update(tax_total=78, tax_lines=[{"rate": 190_000, "taxable": 412, "tax": 78}])

    content = invoicing.issue_invoice(order_id=order.pk).content

    assert content["tax"] == [
        {"rate": 190_000, "net": 412, "tax": 78, "gross": 490},
        {"rate": 0, "net": 1999, "tax": 0, "gross": 1999},
    ]


def test_taxes_that_do_not_add_up_are_not_issued():
    order = make_order(paid=True)
    Order.unscoped.filter(pk=order.pk).update(tax_total=1)

    with pytest.raises(DoesNotAddUp):
        invoicing.issue_invoice(order_id=order.pk)

    assert (Invoice.unscoped.count(), NumberSeries.objects.count()) == (0, 0)


def test_discounts_are_named_and_what_has_no_name_is_a_sum():
    order = make_order(paid=True)
    Order.unscoped.filter(pk=order.pk).update(
        subtotal=2499, discount_total=500, discounts=[{"id": 1, "code": "AUTUMN", "name": "Autumn", "amount": 300}]
    )
    OrderLine.unscoped.filter(order=order).update(unit_price=2499, amount=2499, discount=500)

    content = invoicing.issue_invoice(order_id=order.pk).content

    assert content["discounts"] == [
        {"name": "Autumn", "code": "AUTUMN", "amount": 300},
        {"name": "", "code": "", "amount": 200},
    ]
    assert content["lines"][0]["discount"] == 500


def test_a_german_order_is_invoiced_in_german():
    content = invoicing.issue_invoice(order_id=make_order(paid=True, language="de").pk).content

    assert content["language"] == "de"
    assert content["words"]["title"] == "Rechnung"
    assert content["buyer"]["lines"][-1] == "Deutschland"


def test_an_order_that_cost_nothing_has_an_invoice_too():
    order = make_order(paid=True)
    Order.unscoped.filter(pk=order.pk).update(
        subtotal=0, shipping_total=0, tax_total=0, total=0, tax_lines=[], discounts=[]
    )

    invoice = invoicing.issue_invoice(order_id=order.pk)

    assert (invoice.total, invoice.number) == (0, "INV-000001")
    assert invoice.content["tax"] == [{"rate": 0, "net": 0, "tax": 0, "gross": 0}]


def test_an_order_that_is_not_paid_yet_was_paid_on_no_day():
    order = make_order()

    content = invoice_content(order, list(order.lines.all()), number="INV-1", issued_at=timezone.now())

    today = timezone.localdate().isoformat()
    assert content["order"] == {"number": order.number, "date": today, "paid": ""}


def test_many_are_issued_with_the_statements_of_one(django_assert_num_queries):
    variant = make_variant(on_hand=24)
    paid = [make_order(lines={variant: 1}, paid=True).pk for _ in range(24)]
    invoicing.issue_invoice(order_id=paid[0])

    with django_assert_num_queries(8):
        invoicing.issue_invoices(order_ids=paid[1:2])
    with django_assert_num_queries(8):
        invoicing.issue_invoices(order_ids=paid)

    assert numbers() == [f"INV-{n:06d}" for n in range(1, 25)]


# --- Nothing changes afterwards.


def test_an_invoice_is_not_changed_and_not_deleted():
    invoice = invoicing.issue_invoice(order_id=make_order(paid=True).pk)
    invoice.total = 1
    rows = Invoice.unscoped.filter(pk=invoice.pk)

    for attempt in (
        invoice.save,
        invoice.delete,
        rows.delete,
        lambda: rows.update(total=1),
        lambda: rows.bulk_update([invoice], ["total"]),
        lambda: rows.update_or_create(number=invoice.number, defaults={"total": 1}),
        lambda: rows.bulk_create([invoice], update_conflicts=True, update_fields=["total"], unique_fields=["number"]),
    ):
        with pytest.raises(ImmutableDocument):
            attempt()

    assert Invoice.unscoped.get().total == 2489


def test_an_order_with_an_invoice_is_not_deleted():
    order = make_order(paid=True)
    invoicing.issue_invoice(order_id=order.pk)

    with pytest.raises(ProtectedError):
        order.delete()


def test_later_changes_leave_the_document_alone(settings):
    order = make_order(paid=True)
    invoice = invoicing.issue_invoice(order_id=order.pk)
    before = invoice.content

    settings.SHOP_NAME = "Another shop"
    Order.unscoped.filter(pk=order.pk).update(billing_address={**ADDRESS, "name": "Mallory"}, language="de")
    OrderLine.unscoped.filter(order=order).update(title="Plate")

    assert invoicing.issue_invoice(order_id=order.pk).content == before


# --- Credit notes.


def test_a_refund_that_arrived_gets_a_credit_note():
    order = make_order(lines={make_variant(title="Fjord mug"): 2}, paid=True)
    line = order.lines.get()
    refund = make_refund(order, 2099, lines=[(line, 1, 1999, 319)], tax=335, reason="damaged")

    note = invoicing.issue_credit_note(refund_id=refund.pk)

    invoice = Invoice.unscoped.get(kind="invoice")
    assert (note.number, note.corrects, note.refund) == ("CN-000001", invoice, refund)
    assert (note.total, note.tax_total, note.currency) == (2099, 335, "EUR")
    assert note.content["corrects"] == {"number": "INV-000001", "date": invoice.content["date"]}
    assert note.content["reason"] == "Damaged or faulty"
    assert note.content["lines"] == [
        {
            "sku": line.sku,
            "title": "Fjord mug",
            "options": line.option_text,
            "quantity": 1,
            "amount": 1999,
            "tax_rate": 190_000,
            "tax": 319,
        }
    ]
    assert note.content["totals"] == {"goods": 1999, "delivery": 0, "reduction": 100, "tax": 335, "total": 2099}
    assert note.content["tax"] == [{"rate": 190_000, "net": 1764, "tax": 335, "gross": 2099}]


def test_a_credit_note_corrects_the_invoice_of_its_own_order():
    first, second = (make_order(paid=True) for _ in range(2))
    invoicing.issue_invoices(order_ids=[first.pk, second.pk])
    refund = make_refund(second, 100)
    assert invoicing.issue_credit_note(refund_id=refund.pk).corrects.order == second


def test_the_taxes_of_a_credit_note_are_those_of_the_refund():
    order = make_order(paid=True)
    figures = {"tax_lines": [{"rate": 190_000, "amount": 600, "tax": 95}, {"rate": 70_000, "amount": 400, "tax": 26}]}
    refund = make_refund(order, 1000, tax=121, explanation={"figures": figures})

    assert invoicing.issue_credit_note(refund_id=refund.pk).content["tax"] == [
        {"rate": 190_000, "net": 505, "tax": 95, "gross": 600},
        {"rate": 70_000, "net": 374, "tax": 26, "gross": 400},
    ]


def test_without_an_explanation_a_refund_is_spread_over_the_rates():
    lines = {make_variant(price=1190): 1, make_variant(price=1070, product_fields={"tax_class": "reduced"}): 1}
    refund = make_refund(make_order(lines=lines, paid=True), 1001, tax=121)

    taxes = invoicing.issue_credit_note(refund_id=refund.pk).content["tax"]

    assert [row["rate"] for row in taxes] == [190_000, 70_000]
    assert (sum(row["gross"] for row in taxes), sum(row["tax"] for row in taxes)) == (1001, 121)
    assert all(row["net"] + row["tax"] == row["gross"] for row in taxes)


def test_credited_twice_it_is_the_same_note():
    refund = make_refund(make_order(paid=True), 100)

    assert invoicing.issue_credit_note(refund_id=refund.pk) == invoicing.issue_credit_note(refund_id=refund.pk)
    assert numbers() == ["INV-000001", "CN-000001"]


@pytest.mark.parametrize(
    "columns",
    [{"state": "pending"}, {"state": "failed"}, {"for_order": False}],
)
def test_money_that_did_not_go_back_or_never_paid_the_order_is_not_credited(columns):
    refund = make_refund(make_order(paid=True), 100, **columns)

    assert invoicing.issue_credit_note(refund_id=refund.pk) is None
    assert numbers() == []


def test_credit_notes_never_come_to_more_than_the_invoice():
    order = make_order(paid=True)
    invoicing.issue_credit_note(refund_id=make_refund(order, 2000).pk)
    too_much = make_refund(order, 490)

    with pytest.raises(CreditExceedsInvoice):
        invoicing.issue_credit_note(refund_id=too_much.pk)

    assert numbers() == ["INV-000001", "CN-000001"]
    assert NumberSeries.objects.get(name="CN").last == 1


def test_the_note_of_a_refund_that_failed_later_is_cancelled_before_the_next_one():
    order = make_order(paid=True)
    failing = make_refund(order, 2489)
    invoicing.issue_credit_note(refund_id=failing.pk)
    Refund.unscoped.filter(pk=failing.pk).update(state="failed")
    again = make_refund(order, 2489)

    assert invoicing.issue_credit_note(refund_id=again.pk).number == "CN-000002"
    assert numbers() == ["INV-000001", "CN-000001", "CX-000001", "CN-000002"]


def test_a_rolled_back_cancellation_gives_its_number_back():
    refund = make_refund(make_order(paid=True), 500)
    invoicing.issue_credit_note(refund_id=refund.pk)
    assert invoicing.cancel_credit_note(refund_id=refund.pk) is None
    Refund.unscoped.filter(pk=refund.pk).update(state="failed")

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert invoicing.cancel_credit_note(refund_id=refund.pk).number == "CX-000001"
        raise ZeroDivisionError

    assert invoicing.issue_missing() == 1
    assert numbers() == ["INV-000001", "CN-000001", "CX-000001"]


def test_a_note_is_cancelled_once_whatever_the_code_does():
    refund = make_refund(make_order(paid=True), 500)
    invoicing.issue_credit_note(refund_id=refund.pk)
    Refund.unscoped.filter(pk=refund.pk).update(state="failed")
    first = invoicing.cancel_credit_note(refund_id=refund.pk)

    columns = {name: getattr(first, name) for name in ("kind", "order", "corrects", "currency", "total", "tax_total")}
    with pytest.raises(IntegrityError), transaction.atomic():
        Invoice.unscoped.create(**columns, series="CX", sequence=2, number="CX-2", issued_at=timezone.now())

    assert numbers() == ["INV-000001", "CN-000001", "CX-000001"]


# --- By itself.


def test_the_jobs_are_rows_of_the_transaction_that_made_the_fact():
    order = make_order()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        pay(order)
        assert Job.objects.filter(task_path__endswith="issue_invoice").count() == 1
        raise ZeroDivisionError
    assert Job.objects.filter(task_path__endswith="issue_invoice").count() == 0

    pay(order)
    refund = make_refund(order, 100)
    orders.record_refund(order_id=order.pk, refund_ref=refund.ref, amount=100, refunded_total=100)

    paths = Job.objects.values_list("task_path", flat=True)
    jobs = sorted(path.rsplit(".", 1)[1] for path in paths if ".documents." in path)
    assert jobs == ["issue_credit_note", "issue_invoice"]


def pay(order):
    orders.record_payment(order_id=order.pk, amount=order.total, currency="EUR", payment_ref="p")


def test_what_is_missing_is_issued_in_the_order_of_the_payments():
    late, early = make_order(paid=True), make_order(paid=True)
    Order.unscoped.filter(pk=early.pk).update(paid_at=timezone.now() - timedelta(days=3))
    make_refund(late, 100)
    make_order()

    issue_missing.call()
    assert invoicing.issue_missing() == 0

    assert list(Invoice.unscoped.order_by("pk").values_list("number", "order_id")) == [
        ("INV-000001", early.pk),
        ("INV-000002", late.pk),
        ("CN-000001", late.pk),
    ]


def test_only_money_of_the_order_that_arrived_waits_for_a_note():
    order = make_order(paid=True)
    arrived = make_refund(order, 100)
    make_refund(order, 200, state="pending")
    make_refund(order, 300, state="failed")
    make_refund(order, 400, for_order=False)

    assert list(invoicing.refunds_without_credit_note()) == [arrived]

    invoicing.issue_credit_note(refund_id=arrived.pk)
    assert list(invoicing.refunds_without_credit_note()) == []


def test_a_refund_that_needs_no_note_has_no_file_of_one():
    order = make_order(paid=True)
    credited, foreign = make_refund(order, 100), make_refund(order, 400, for_order=False)

    assert credit_note_file(credited.ref).name == "CN-000001.pdf"
    assert credit_note_file(foreign.ref) is None
