"""Writing a refund: what it covers, what it takes of the payment, what happens to the goods, and the job that sends it.

All of it is one transaction under the locks of order and payment. The key under which the provider will be asked is
written with the row, so that asking again can never refund again.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Sum, Value
from django.db.models.functions import Concat
from django.utils import timezone

from apps.core import crash
from apps.orders import services as orders
from apps.orders.models import Order
from apps.orders.models.order import new_ref
from apps.payments import tasks
from apps.payments.models import Dispute, Payment, Refund, RefundLine
from apps.payments.services.refunds.parts import order_parts
from apps.payments.services.refunds.refusals import (
    AlreadyTried,
    AmountChanged,
    NotPaid,
    NotRefundable,
    PaymentDisputed,
    RefundNotFailed,
)
from apps.payments.services.refunds.writing import announce, write_lines, write_refund, write_whole_refund
from apps.pricing.refunding import (
    MoreThanLeft,
    RefundQuote,
    Selection,
    everything_left,
    refund_quote,
    selection_of,
)
from apps.users.models import User

RETRY = "retry-"


def preview_refund(*, order: Order, selection: Selection) -> RefundQuote:
    """What this selection would give back, in minor units of the order's currency. Writes nothing.

    Raises NotPaid, PaymentDisputed, NotRefundable and what `refund_quote` raises.
    """
    return _quote(order, _paying(order), selection)


def refund_order(
    *,
    order_id: int,
    selection: Selection,
    reason: str,
    token: str,
    restock: Collection[int] = (),
    note: str = "",
    actor: User | None,
    shown_total: int | None = None,
) -> Refund:
    """Refund pieces, delivery or an extra amount of a paid order, in minor units of its currency.

    `restock` names the ids of the lines whose pieces can be sold again. `token` is one press of a button: a second call
    with it returns the first one's refund and changes nothing. Raises NotPaid, PaymentDisputed, NotRefundable,
    AmountChanged if it comes to another total than `shown_total`, and what `refund_quote` raises; nothing has changed
    then.
    """
    key = f"refund-{order_id}-{token}"
    with transaction.atomic():
        order = lock_order(order_id)
        repeated: Refund | None = Refund.unscoped.filter(idempotency_key=key).first()
        if repeated is not None:
            return repeated
        payment = _paying(order, locked=True)
        quote = _quote(order, payment, selection)
        if shown_total is not None and quote.total.amount != shown_total:
            raise AmountChanged
        origin = Refund.Origin.STAFF
        refund = write_refund(payment, quote, key=key, origin=origin, reason=reason, note=note, actor=actor)
        write_lines(refund, quote, _return(order, quote, restock, actor), restock)
        crash.point("payments.refund.goods_returned")
        announce(refund)
    crash.point("payments.refund.committed")
    return refund


def refund_rest(*, order_id: int, reason: str, actor: User | None = None) -> Refund | None:
    """Refund all that is left of a paid order by rule, as when it was cancelled; its goods are the caller's concern.

    None, and nothing has changed, if nothing is left. Raises NotPaid or PaymentDisputed.
    """
    with transaction.atomic():
        order = lock_order(order_id)
        payment = _paying(order, locked=True)
        parts = order_parts(order)
        if not sum(part.left for part in parts) or payment.refunded == payment.captured:
            return None
        quote = _quote(order, payment, everything_left(parts))
        key = f"rest-{new_ref()}"
        refund = write_refund(payment, quote, key=key, origin=Refund.Origin.RULE, reason=reason, note="", actor=actor)
        write_lines(refund, quote, {}, ())
        announce(refund)
    return refund


def refund_cancelled(*, order_id: int, actor: User | None) -> None:
    """Refund what is left of an order that was cancelled. What can't be refunded by rule asks for a person."""
    order = Order.unscoped.get(pk=order_id)
    if order.payment_state != Order.PaymentState.PAID or not order.total:
        return
    try:
        refund_rest(order_id=order_id, reason=Refund.Reason.CANCELLED, actor=actor)
    except (NotPaid, PaymentDisputed, NotRefundable):
        orders.ask_for_refund(order_id=order_id)


def give_back(*, payment_id: int, reason: str, actor: User | None = None) -> Refund | None:
    """Send everything back that is left of a payment which does not pay its order (late, double, of a wrong amount).

    None, and nothing has changed, if nothing is left of it. Belongs into the caller's transaction, which holds the
    order's and the payment's lock. Raises Payment.DoesNotExist, NotRefundable for a payment that pays its order.
    """
    with transaction.atomic():
        payment = Payment.unscoped.select_for_update().get(pk=payment_id)
        if payment.applied:
            raise NotRefundable
        left = payment.captured - payment.refunded
        if not left:
            return None
        refund = write_whole_refund(payment, left, key=f"refund-{new_ref()}", reason=reason, actor=actor)
        announce(refund)
    return refund


def retry_refund(*, refund_id: int, actor: User | None) -> Refund:
    """Try a failed refund again, as a new one under a new key; goods that it moved are not moved again.

    Raises RefundNotFailed, AlreadyTried, and what refusing a refund raises; nothing has changed then.
    """
    failed = Refund.unscoped.get(pk=refund_id)
    with transaction.atomic():
        order = lock_order(failed.order_id)
        payment = Payment.unscoped.select_for_update().get(pk=failed.payment_id)
        failed = Refund.unscoped.get(pk=refund_id)
        if failed.state != Refund.State.FAILED:
            raise RefundNotFailed
        key = f"{RETRY}{failed.ref}"
        if Refund.unscoped.filter(idempotency_key=key).exists():
            raise AlreadyTried
        if failed.for_order:
            told = failed.explanation  # one that was made at the provider and failed there has none
            quote = _quote(order, payment, selection_of(told) if told else Selection(extra=failed.amount))
            origin, reason, note = failed.origin, failed.reason, failed.note
            refund = write_refund(payment, quote, key=key, origin=origin, reason=reason, note=note, actor=actor)
            write_lines(refund, quote, {}, ())
        else:
            refund = write_whole_refund(payment, failed.amount, key=key, reason=failed.reason, actor=actor)
        announce(refund)
    return refund


def resend_refunds(*, older_than: timedelta) -> int:
    """Ask again for refunds that the provider has not confirmed for so long; returns how many. Safe to repeat."""
    stuck = Refund.unscoped.filter(state=Refund.State.PENDING, provider_ref="")
    ids = list(stuck.filter(created_at__lt=timezone.now() - older_than).values_list("pk", flat=True))
    for refund_id in ids:
        tasks.send_refund.enqueue(refund_id)
    return len(ids)


def lock_order(order_id: int) -> Order:
    """The order is the first lock, as everywhere. Raises Order.DoesNotExist."""
    order: Order = Order.unscoped.select_for_update().get(pk=order_id)
    return order


def _paying(order: Order, *, locked: bool = False) -> Payment:
    payments = Payment.unscoped.filter(order=order, applied=True)
    if locked:
        payments = payments.select_for_update()
    payment: Payment | None = payments.first()
    if payment is None:
        raise NotPaid
    return payment


def _quote(order: Order, payment: Payment, selection: Selection) -> RefundQuote:
    if Dispute.unscoped.filter(payment=payment, state=Dispute.State.OPEN).exists():
        raise PaymentDisputed
    parts = order_parts(order)
    if not sum(part.left for part in parts):
        raise MoreThanLeft(order.money(0))
    quote = refund_quote(parts, selection, currency=order.currency)
    if quote.total.amount > payment.captured - payment.refunded:
        raise NotRefundable
    return quote


def _return(order: Order, quote: RefundQuote, restock: Collection[int], actor: User | None) -> dict[int, int]:
    returned = _returned_before(order)
    lines = {
        int(done.part.key): orders.Return(
            pieces=done.pieces,
            refunded=done.part.given_pieces + done.pieces,
            returned=returned.get(int(done.part.key), 0),
            restock=int(done.part.key) in restock,
        )
        for done in quote.lines
    }
    return orders.return_pieces(order_id=order.pk, lines=lines, actor=actor) if lines else {}


def _returned_before(order: Order) -> dict[int, int]:
    """Shipped pieces that refunds have put back on the shelf, by line; failed refunds moved theirs too."""
    rows = RefundLine.unscoped.filter(refund__order=order, restocked=True).order_by()
    return dict(rows.values_list("order_line_id").annotate(pieces=Sum(F("quantity") - F("released"))))


def failed_refunds(order: Order | None = None) -> QuerySet[Refund]:
    """Failed refunds (of one order) that nobody has tried again, so that their money is still owed."""
    retried = Refund.unscoped.filter(idempotency_key=Concat(Value(RETRY), OuterRef("ref")))
    failed: QuerySet[Refund] = Refund.unscoped.filter(~Exists(retried), state=Refund.State.FAILED)
    return failed.filter(order=order) if order else failed
