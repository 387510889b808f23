"""What must hold of invoices, credit notes and their cancellations."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Sum
from django.utils import timezone

from apps.orders.models import Order
from apps.payments.models import Invoice, NumberSeries, Refund
from apps.payments.services.invoicing import refunds_without_credit_note, void_credit_notes

# A job writes the document; while a mail server or a database is away, it may take its time.
GRACE = timedelta(hours=2)
Kind, State = Invoice.Kind, Refund.State


def series_with_gaps() -> Iterator[str]:
    """From 1 (or wherever a series began) to what the counter says, each number once."""
    counters = dict(NumberSeries.objects.values_list("name", "last"))
    ranges = Invoice.unscoped.values("series").order_by("series")
    for row in ranges.annotate(first=Min("sequence"), last=Max("sequence"), count=Count("pk")):
        if row["last"] - row["first"] + 1 != row["count"] or row["last"] != counters.get(row["series"]):
            yield f"Series {row['series']} has {row['count']} documents from {row['first']} to {row['last']}."


def paid_orders_without_invoice() -> Iterator[str]:
    invoices = Invoice.unscoped.filter(kind=Kind.INVOICE, order=OuterRef("pk"))
    paid = Order.unscoped.filter(payment_state=Order.PaymentState.PAID, paid_at__lt=timezone.now() - GRACE)
    for number in paid.filter(~Exists(invoices)).values_list("number", flat=True):
        yield f"Order {number} is paid and has no invoice."


def invoices_that_differ() -> Iterator[str]:
    """The same money in the document as in the order, and its taxes are their parts."""
    for invoice in Invoice.unscoped.filter(kind=Kind.INVOICE).exclude(
        total=F("order__total"), tax_total=F("order__tax_total"), currency=F("order__currency")
    ):
        yield f"Invoice {invoice.number} is not of the amount of its order."
    for number, content, total in Invoice.unscoped.values_list("number", "content", "total").iterator():
        if sum(row["gross"] for row in content["tax"]) != total:
            yield f"The taxes of {number} are not those of its total."


def refunds_without_note() -> Iterator[str]:
    late = refunds_without_credit_note().filter(settled_at__lt=timezone.now() - GRACE)
    for number in late.order_by("pk").values_list("order__number", flat=True):
        yield f"A refund of order {number} has no credit note."


def notes_of_returned_money() -> Iterator[str]:
    late = void_credit_notes().filter(refund__settled_at__lt=timezone.now() - GRACE)
    for number in late.values_list("number", flat=True):
        yield f"The refund of {number} came back, and nothing cancels it."
    notes_in_force = Invoice.unscoped.filter(kind=Kind.CANCELLATION).exclude(corrects__refund__state=State.FAILED)
    for number in notes_in_force.order_by("pk").values_list("number", flat=True):
        yield f"{number} cancels the credit note of a refund that did not come back."


def credited_beyond() -> Iterator[str]:
    notes = Invoice.unscoped.filter(kind=Kind.CREDIT_NOTE, corrections__isnull=True).order_by()
    per_invoice = notes.values("corrects__number", "corrects__total").annotate(sum=Sum("total"))
    for row in per_invoice.filter(sum__gt=F("corrects__total")):
        yield f"The credit notes of {row['corrects__number']} come to more than it."


CHECKS: dict[str, Callable[[], Iterator[str]]] = {
    "payments.series_have_no_gaps": series_with_gaps,
    "payments.paid_order_has_invoice": paid_orders_without_invoice,
    "payments.invoice_is_of_its_order": invoices_that_differ,
    "payments.refund_has_credit_note": refunds_without_note,
    "payments.returned_refund_has_no_credit": notes_of_returned_money,
    "payments.credited_within_invoice": credited_beyond,
}
