"""Invoices, credit notes and cancellations of those: issued once, by gapless numbers, never changed.

A document is issued by a job of its own, which the fact enqueues in its transaction. So the series' lock, which every
issue of the shop waits for, is the last lock of a short transaction that takes nothing else but the order before it:
it can't be part of a deadlock with stock or payments, and a document that can't be written does not undo a payment.

§ 14 (4) no. 4 UStG and Art. 226 (2) of Directive 2006/112/EC ask for sequential numbers of one or more series that
identify a document once and for all; a new year needs no new series, so there is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import batched

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Sum
from django.utils import timezone

from apps.core import crash
from apps.orders.models import Order, OrderLine
from apps.payments.documents.content import cancellation_content, credit_note_content, invoice_content
from apps.payments.models import Invoice, NumberSeries, Refund

BATCH = 100
Kind = Invoice.Kind


class NothingToInvoice(LookupError):
    """The order is not paid, or does not exist."""


class CreditExceedsInvoice(ValueError):
    """The credit notes of an order would come to more than its invoice. A person has to look."""


def issue_invoice(*, order_id: int) -> Invoice:
    """The invoice of a paid order, issued now if it was not yet; also of one that cost nothing. Safe to repeat.

    Raises NothingToInvoice, and documents.content.DoesNotAddUp; then no number is used up.
    """
    issue_invoices(order_ids=[order_id])
    invoice: Invoice | None = _invoices().filter(order_id=order_id).first()
    if invoice is None:
        raise NothingToInvoice(f"Order {order_id} is not paid.")
    return invoice


def issue_invoices(*, order_ids: Sequence[int], issued_at: Mapping[int, datetime] | None = None) -> int:
    """Issue those invoices of these orders that are missing, in one transaction; returns how many it were.

    Numbers follow the order of `order_ids`; orders that are not paid are left out. `issued_at` backdates invoices of
    the demo by order; without it they are dated now.
    """
    with transaction.atomic():
        due = Order.unscoped.select_for_update().filter(pk__in=order_ids, payment_state=Order.PaymentState.PAID)
        # Ascending, so that two of these never wait for each other.
        orders = {order.pk: order for order in due.order_by("pk")}
        known = set(_invoices().filter(order__in=orders).values_list("order_id", flat=True))
        missing = [orders[pk] for pk in order_ids if pk in orders and pk not in known]
        if missing:
            _write_invoices(missing, issued_at or {})
    return len(missing)


def issue_credit_note(*, refund_id: int, issued_at: datetime | None = None) -> Invoice | None:
    """The credit note of a refund of the order's own money that arrived, issued now if it was not yet.

    None for a refund that is not through or is of money that never paid the order. Issues first what has to come
    before: the invoice, and cancellations of the order's notes whose money came back. Raises CreditExceedsInvoice,
    NothingToInvoice, Refund.DoesNotExist; then no number is used up.
    """
    with transaction.atomic():
        order_id = Refund.unscoped.values_list("order_id", flat=True).get(pk=refund_id)
        Order.unscoped.select_for_update().get(pk=order_id)
        refund: Refund = Refund.unscoped.select_related("order").get(pk=refund_id)
        issued: Invoice | None = Invoice.unscoped.filter(refund=refund).first()
        if issued is not None:
            return issued
        if not needs_credit_note(refund):
            return None
        invoice = issue_invoice(order_id=order_id)
        for note in void_credit_notes().filter(order_id=order_id):
            _write_cancellation(note, timezone.now())
        _refuse_beyond(invoice, refund)
        return _write_credit_note(refund, invoice, issued_at or timezone.now())


def needs_credit_note(refund: Refund) -> bool:
    """Whether a refund is of the order's own money and has arrived."""
    return bool(refund.for_order) and refund.state == Refund.State.SUCCEEDED


def cancel_credit_note(*, refund_id: int) -> Invoice | None:
    """Cancel the credit note of a refund that the bank returned, by a document of its own; the note stays as it is.

    None if there is nothing to cancel: the refund has not failed, or failed before its note was issued. Safe to
    repeat. Raises Refund.DoesNotExist.
    """
    with transaction.atomic():
        order_id = Refund.unscoped.values_list("order_id", flat=True).get(pk=refund_id)
        Order.unscoped.select_for_update().get(pk=order_id)
        note = void_credit_notes().filter(refund_id=refund_id).first()
        if note is not None:
            return _write_cancellation(note, timezone.now())
        return Invoice.unscoped.filter(kind=Kind.CANCELLATION, corrects__refund=refund_id).first()


def void_credit_notes() -> QuerySet[Invoice]:
    """Credit notes whose money came back and which no document cancels yet, in the order of their issue."""
    notes: QuerySet[Invoice] = Invoice.unscoped.filter(
        kind=Kind.CREDIT_NOTE, refund__state=Refund.State.FAILED, corrections__isnull=True
    )
    return notes.select_related("order").order_by("pk")


def issue_missing(*, backdate: bool = False) -> int:
    """Issue every document that is due and not there: from before there were any, or lost with a job. Repeatable.

    Returns how many. `backdate` gives them the dates of payment and refund, for the demo.
    """
    paid = Order.unscoped.filter(payment_state=Order.PaymentState.PAID)
    uninvoiced = paid.filter(~Exists(_invoices().filter(order=OuterRef("pk")))).order_by("paid_at", "pk")
    issued = 0
    for batch in batched(list(uninvoiced.values_list("pk", "paid_at")), BATCH, strict=False):
        dates = dict(batch)
        issued += issue_invoices(order_ids=list(dates), issued_at=dates if backdate else None)
    for refund_id in list(void_credit_notes().values_list("refund_id", flat=True)):
        issued += cancel_credit_note(refund_id=refund_id) is not None
    uncredited = list(refunds_without_credit_note().order_by("settled_at", "pk").values_list("pk", "settled_at"))
    for refund_id, settled_at in uncredited:
        note = issue_credit_note(refund_id=refund_id, issued_at=settled_at if backdate else None)
        issued += note is not None
    return issued


def refunds_without_credit_note() -> QuerySet[Refund]:
    """Refunds of orders' own money that arrived and have no note."""
    refunds: QuerySet[Refund] = Refund.unscoped.filter(
        for_order=True, state=Refund.State.SUCCEEDED, credit_note__isnull=True
    )
    return refunds


def _invoices() -> QuerySet[Invoice]:
    invoices: QuerySet[Invoice] = Invoice.unscoped.filter(kind=Kind.INVOICE)
    return invoices


def take_numbers(series: str, count: int) -> range:
    """The next `count` numbers of a series, which is locked from here to the end of the transaction.

    Belongs into the transaction that writes the documents: if it is rolled back, the numbers are free again.
    """
    row = NumberSeries.objects.filter(name=series)
    if not row.update(last=F("last") + count):
        NumberSeries.objects.bulk_create([NumberSeries(name=series)], ignore_conflicts=True)
        row.update(last=F("last") + count)
    last = row.values_list("last", flat=True).get()
    crash.point("payments.issue.number_taken")
    return range(last - count + 1, last + 1)


def _write_invoices(orders: Sequence[Order], issued_at: Mapping[int, datetime]) -> None:
    now = timezone.now()
    lines: dict[int, list[OrderLine]] = {order.pk: [] for order in orders}
    for line in OrderLine.unscoped.filter(order__in=lines).order_by("pk"):
        lines[line.order_id].append(line)
    series = settings.INVOICE_SERIES
    invoices = []
    for order, sequence in zip(orders, take_numbers(series, len(orders)), strict=True):
        number, at = _number(series, sequence), issued_at.get(order.pk, now)
        invoices.append(
            Invoice(
                kind=Kind.INVOICE,
                series=series,
                sequence=sequence,
                number=number,
                order=order,
                currency=order.currency,
                total=order.total,
                tax_total=order.tax_total,
                content=invoice_content(order, lines[order.pk], number=number, issued_at=at),
                issued_at=at,
            )
        )
    Invoice.unscoped.bulk_create(invoices)
    crash.point("payments.issue.document_written")


def _write_credit_note(refund: Refund, invoice: Invoice, issued_at: datetime) -> Invoice:
    series = settings.CREDIT_NOTE_SERIES
    (sequence,) = take_numbers(series, 1)
    number = _number(series, sequence)
    lines = list(refund.lines.select_related("order_line").order_by("pk"))
    note: Invoice = Invoice.unscoped.create(
        kind=Kind.CREDIT_NOTE,
        series=series,
        sequence=sequence,
        number=number,
        order=refund.order,
        refund=refund,
        corrects=invoice,
        currency=refund.currency,
        total=refund.amount,
        tax_total=refund.tax,
        content=credit_note_content(refund, lines, invoice, number=number, issued_at=issued_at),
        issued_at=issued_at,
    )
    crash.point("payments.issue.document_written")
    return note


def _write_cancellation(note: Invoice, issued_at: datetime) -> Invoice:
    series = settings.CANCELLATION_SERIES
    (sequence,) = take_numbers(series, 1)
    number = _number(series, sequence)
    cancellation: Invoice = Invoice.unscoped.create(
        kind=Kind.CANCELLATION,
        series=series,
        sequence=sequence,
        number=number,
        order=note.order,
        corrects=note,
        currency=note.currency,
        total=note.total,
        tax_total=note.tax_total,
        content=cancellation_content(note, number=number, issued_at=issued_at),
        issued_at=issued_at,
    )
    crash.point("payments.issue.document_written")
    return cancellation


def _number(series: str, sequence: int) -> str:
    return f"{series}-{sequence:06d}"


def _refuse_beyond(invoice: Invoice, refund: Refund) -> None:
    """The notes that are in force, this one included, never come to more than the invoice."""
    credited = invoice.corrections.filter(corrections__isnull=True).aggregate(sum=Sum("total"))["sum"] or 0
    if credited + refund.amount > invoice.total:
        raise CreditExceedsInvoice(f"Refund {refund.ref} is more than is left of {invoice.number}.")
