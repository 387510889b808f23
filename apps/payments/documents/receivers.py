"""Facts of orders that ask for a document. The job is a row of the same transaction; the number is taken later."""

from typing import Any

from apps.orders.models import OrderEvent
from apps.payments.documents import tasks
from apps.payments.models import Refund


def invoice_the_order(sender: Any, *, order_id: int, **kwargs: Any) -> None:
    tasks.issue_invoice.enqueue(order_id)


def credit_the_refund(sender: Any, *, event_id: int, **kwargs: Any) -> None:
    refund_id = _refund_of(event_id)
    if refund_id is not None:
        tasks.issue_credit_note.enqueue(refund_id)


def void_the_credit(sender: Any, *, event_id: int, **kwargs: Any) -> None:
    """Also where no note is there yet: the job that issues it may be under way."""
    refund_id = _refund_of(event_id)
    if refund_id is not None:
        tasks.cancel_credit_note.enqueue(refund_id)


def _refund_of(event_id: int) -> int | None:
    refund_ref = OrderEvent.unscoped.get(pk=event_id).data["refund_ref"]
    refund_id: int | None = Refund.unscoped.filter(ref=refund_ref).values_list("pk", flat=True).first()
    return refund_id
