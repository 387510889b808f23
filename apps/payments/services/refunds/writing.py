"""The rows of a refund: what it gives back, what it takes of its payment, its pieces, its job.

Everything here belongs into the caller's transaction, under the locks of order and payment.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import F
from django.utils import timezone

from apps.core import crash
from apps.orders import services as orders
from apps.payments import tasks
from apps.payments.models import Payment, Refund, RefundLine
from apps.payments.services.refunds.refusals import NotRefundable
from apps.pricing.refunding import RefundQuote
from apps.users.models import User


def write_refund(payment: Payment, quote: RefundQuote, **columns: Any) -> Refund:
    """A refund of what was quoted. Raises NotRefundable if that is more than is left of the payment."""
    return _write_row(
        payment,
        amount=quote.total.amount,
        goods_amount=quote.goods.amount,
        shipping_amount=quote.shipping.amount,
        extra_amount=quote.extra.amount,
        tax=quote.tax.amount,
        explanation=quote.explanation,
        **columns,
    )


def write_whole_refund(payment: Payment, amount: int, *, key: str, reason: str, actor: User | None) -> Refund:
    """Money that never paid the order has no parts."""
    return _write_row(
        payment,
        amount=amount,
        extra_amount=amount,
        for_order=False,
        key=key,
        origin=Refund.Origin.RULE,
        reason=reason,
        actor=actor,
    )


def _write_row(payment: Payment, *, amount: int, key: str, **columns: Any) -> Refund:
    """The row, and what it takes of the payment: never more than was captured, by a conditional UPDATE."""
    refund: Refund = Refund.unscoped.create(
        order_id=payment.order_id,
        payment=payment,
        idempotency_key=key,
        currency=payment.currency,
        amount=amount,
        **columns,
    )
    crash.point("payments.refund.row_written")
    if not _count(payment.pk, amount):
        raise NotRefundable
    crash.point("payments.refund.payment_counted")
    return refund


def _count(payment_id: int, amount: int) -> bool:
    with_room = Payment.unscoped.filter(pk=payment_id, captured__gte=F("refunded") + amount)
    return bool(with_room.update(refunded=F("refunded") + amount, updated_at=timezone.now()))


def write_lines(refund: Refund, quote: RefundQuote, released: Mapping[int, int], restock: Collection[int]) -> None:
    """The pieces that it covers. `released` of them, by line, had not been shipped; lines in `restock` are for sale."""
    RefundLine.unscoped.bulk_create(
        RefundLine(
            refund=refund,
            order_line_id=int(done.part.key),
            quantity=done.pieces,
            released=released.get(int(done.part.key), 0),
            restocked=int(done.part.key) in restock,
            amount=done.amount,
            tax=done.tax,
        )
        for done in quote.lines
    )


def announce(refund: Refund) -> None:
    """The order's timeline, and the job: both belong to the transaction that wrote the refund."""
    orders.record_refund_started(
        order_id=refund.order_id,
        refund_ref=refund.ref,
        amount=refund.amount,
        currency=refund.currency,
        actor=refund.actor,
    )
    tasks.send_refund.enqueue(refund.pk)
    crash.point("payments.refund.job_enqueued")
