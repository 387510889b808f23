"""What happens to an order after it was placed: money, parcels. Called by payments and shipping; repeats are harmless.

Every service locks the order first and runs inside the caller's transaction if there is one.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_noop

from apps.catalog.errors import SoldOut
from apps.catalog.services.stock import consume_stock, hold_stock
from apps.core import crash
from apps.orders import signals
from apps.orders.errors import IllegalMove, NothingToSend, PaymentMethodGone
from apps.orders.extensions import payment_methods
from apps.orders.models import Order, OrderEvent, OrderLine
from apps.orders.services.states import flag, lock_order, move, note
from apps.pricing.errors import DiscountGone
from apps.pricing.services import retake
from apps.users.models import User

Kind = OrderEvent.Kind

# Kept in English on the order; the admin translates them.
WRONG_AMOUNT = gettext_noop("A payment arrived with another amount or currency than the order's total.")
PAID_TWICE = gettext_noop("The order was paid twice.")
PAID_AFTER_CLOSING = gettext_noop("Money arrived after the order was closed.")
REFUND_DUE = gettext_noop("The order was cancelled after it was paid: refund the payment.")
REFUND_FAILED = gettext_noop("A refund failed at the payment provider.")


class Taken(StrEnum):
    """What became of money that arrived. All but PAID and REPEATED is money to give back."""

    PAID = "paid"
    REPEATED = "repeated"
    TWICE = "twice"
    WRONG_AMOUNT = "wrong_amount"
    TOO_LATE = "too_late"


def order_quantities(order: Order) -> dict[int, int]:
    """Pieces of an order by variant id, summed over its lines, without those that a refund has released."""
    lines = OrderLine.unscoped.filter(order=order, quantity__gt=F("released")).order_by()
    return dict(lines.values_list("variant_id").annotate(pieces=Sum(F("quantity") - F("released"))))


def record_payment(*, order_id: int, amount: int, currency: str, payment_ref: str) -> Taken:
    """Note that money arrived: `amount` in minor units of `currency`, known to the provider as `payment_ref`.

    The order becomes paid if it is open, or if it had expired and its pieces could be held again, and the amount is
    its total. Any other money never makes it paid but asks for a person, and the caller gives it back. The same
    `payment_ref` a second time changes nothing. Raises Order.DoesNotExist.
    """
    data = {"payment_ref": payment_ref, "amount": amount, "currency": currency}
    with transaction.atomic():
        order = lock_order(order_id)
        if _has_event(order, [Kind.PAID, Kind.ATTENTION], payment_ref):
            return Taken.REPEATED
        if order.payment_state == Order.PaymentState.PAID:
            return _unwanted(order, Taken.TWICE, PAID_TWICE, data)
        if (amount, currency) != (order.total, order.currency):
            return _unwanted(order, Taken.WRONG_AMOUNT, WRONG_AMOUNT, data)
        if order.closure != Order.Closure.NONE and not _take_up_again(order):
            return _unwanted(order, Taken.TOO_LATE, PAID_AFTER_CLOSING, data)
        states = {"payment_state": Order.PaymentState.PAID.value}
        event = move(order, Kind.PAID, states=states, columns={"paid_at": timezone.now()}, data=data)
        crash.point("orders.record_payment.order_moved")
        _send(signals.order_paid, order, event)
        crash.point("orders.record_payment.facts_sent")
        return Taken.PAID


def _unwanted(order: Order, taken: Taken, reason: str, data: dict[str, Any]) -> Taken:
    flag(order, reason, data=data)
    return taken


def _take_up_again(order: Order) -> bool:
    """Open an expired order whose money came late, if its discounts still have a use left and every piece can be held
    again; else nothing has changed."""
    if order.closure != Order.Closure.EXPIRED:
        return False  # whoever cancelled does not want the goods any more
    try:
        with transaction.atomic():
            move(order, Kind.REOPENED, states={"closure": Order.Closure.NONE.value})
            retake(order_ref=order.ref)
            hold_stock(quantities=order_quantities(order))
    except (SoldOut, DiscountGone):
        order.refresh_from_db()
        return False
    return True


def record_payment_failure(*, order_id: int, payment_ref: str) -> None:
    """Note that an attempt to pay was declined. The order keeps waiting for payment, and the buyer can try again."""
    with transaction.atomic():
        order = lock_order(order_id)
        if _has_event(order, [Kind.PAYMENT_FAILED, Kind.PAID], payment_ref):
            return
        event = note(order, Kind.PAYMENT_FAILED, data={"payment_ref": payment_ref})
        _send(signals.order_payment_failed, order, event)


def record_payment_pending(*, order_id: int, payment_ref: str) -> None:
    """Note that the provider has not decided yet; the status page says that payment is under way."""
    with transaction.atomic():
        order = lock_order(order_id)
        if _has_event(order, [Kind.PAYMENT_PENDING, Kind.PAYMENT_FAILED, Kind.PAID], payment_ref):
            return
        note(order, Kind.PAYMENT_PENDING, data={"payment_ref": payment_ref})


def hold_until(*, order_id: int, moment: datetime) -> None:
    """Keep the pieces of an order that waits for its payment until `moment`, because its money is under way.

    Nothing happens to an order that is paid or closed. Raises Order.DoesNotExist.
    """
    with transaction.atomic():
        order = lock_order(order_id)
        if order.can_be_paid:
            Order.unscoped.filter(pk=order.pk).update(hold_expires_at=moment)


def start_payment(*, order_id: int, payment_method: str) -> str:
    """Open an attempt to pay an order that waits for payment; returns the URL to send the buyer to. Repeatable.

    Raises IllegalMove if the order waits for no payment, PaymentMethodGone, and extensions.PaymentUnavailable if
    the provider can't be reached: the attempt then stays open and may be started again.
    """
    method = payment_methods().get(payment_method)
    if method is None:
        raise PaymentMethodGone
    with transaction.atomic():
        order = lock_order(order_id)
        if not order.can_be_paid:
            raise IllegalMove
        note(order, Kind.PAYMENT_STARTED, columns={"payment_method": payment_method}, public=False)
        method.prepare(order)
    return method.start(order)


def record_fulfilment(*, order_id: int, to: str, actor: User | None = None, data: dict[str, Any] | None = None) -> None:
    """Move a paid order to "packed", "shipped" or "delivered"; shipping takes its pieces out of the stock.

    `data` goes into the event (the carrier and tracking of a parcel). Raises IllegalMove for an order that is not
    paid, is closed or is past that step, NothingToSend if every piece was given back, and catalog's StockNotHeld; then
    nothing has changed.
    """
    kinds = {"packed": Kind.PACKED, "shipped": Kind.SHIPPED, "delivered": Kind.DELIVERED}
    if to not in kinds:
        raise IllegalMove
    with transaction.atomic():
        order = lock_order(order_id)
        if order.payment_state != Order.PaymentState.PAID or order.closure != Order.Closure.NONE:
            raise IllegalMove
        quantities = order_quantities(order)
        if not quantities:
            raise NothingToSend
        event = move(order, kinds[to], states={"fulfilment_state": to}, data=data, actor=actor)
        crash.point("orders.record_fulfilment.order_moved")
        if to == "shipped":
            consume_stock(quantities=quantities, order_ref=order.ref, actor=actor)
            _send(signals.order_shipped, order, event)
        elif to == "delivered":
            _send(signals.order_delivered, order, event)


def record_refund(
    *,
    order_id: int,
    refund_ref: str,
    amount: int,
    refunded_total: int,
    currency: str = "",
    actor: User | None = None,
) -> None:
    """Note that `amount` minor units went back to the buyer; `refunded_total` is what has gone back by now in all.

    `currency` is the order's unless it is said, as for a payment in a foreign one that never paid the order.

    The same `refund_ref` a second time changes nothing. Raises Order.DoesNotExist.
    """
    with transaction.atomic():
        order = lock_order(order_id)
        if _has_event(order, [Kind.REFUNDED], refund_ref, key="refund_ref"):
            return
        data = {"refund_ref": refund_ref, "amount": amount, "currency": currency or order.currency}
        event = _refund_event(order, Kind.REFUNDED, data, refunded_total, actor)
        _send(signals.order_refunded, order, event)


def record_refund_failure(
    *, order_id: int, refund_ref: str, amount: int, refunded_total: int, currency: str = ""
) -> None:
    """Note that a refund came back from the provider: what counts as refunded falls, and a person is asked to look.

    The same `refund_ref` a second time changes nothing. Raises Order.DoesNotExist.
    """
    with transaction.atomic():
        order = lock_order(order_id)
        if _has_event(order, [Kind.REFUND_FAILED], refund_ref, key="refund_ref"):
            return
        data = {"refund_ref": refund_ref, "amount": amount, "currency": currency or order.currency}
        event = _refund_event(order, Kind.REFUND_FAILED, data, refunded_total, None)
        flag(order, REFUND_FAILED, data={"refund_ref": refund_ref})
        signals.order_refund_failed.send(Order, order_id=order.pk, event_id=event.pk)


def _refund_event(
    order: Order, kind: Kind, data: dict[str, Any], refunded_total: int, actor: User | None
) -> OrderEvent:
    state = Order.RefundState.PARTIAL if refunded_total < order.total else Order.RefundState.FULL
    if not refunded_total:
        state = Order.RefundState.NONE
    public = kind == Kind.REFUNDED
    if state == order.refund_state:
        return note(order, kind, data=data, actor=actor, public=public)
    return move(order, kind, states={"refund_state": state.value}, data=data, actor=actor, public=public)


def add_note(*, order_id: int, text: str, actor: User | None, public: bool = False) -> OrderEvent:
    """Append a note of staff to the order's timeline; customers see only public ones."""
    with transaction.atomic():
        return note(lock_order(order_id), Kind.NOTE, text=text, actor=actor, public=public)


def settle_attention(*, order_id: int, actor: User) -> None:
    """A person has looked: the order needs attention no more, and the timeline says who did."""
    with transaction.atomic():
        order = lock_order(order_id)
        if order.attention:
            note(
                order,
                Kind.NOTE,
                columns={"attention": ""},
                text=order.attention,
                data={"settled": True},
                actor=actor,
                public=False,
            )


def _has_event(order: Order, kinds: list[Kind], ref: str, *, key: str = "payment_ref") -> bool:
    """Whether this payment or refund has already told us so; the order is locked, so nobody tells it meanwhile."""
    known = OrderEvent.unscoped.filter(order=order, kind__in=kinds).values_list("data", flat=True)
    return any(data.get(key) == ref for data in known)


def _send(signal: Signal, order: Order, event: OrderEvent) -> None:
    signal.send(Order, order_id=order.pk, event_id=event.pk)
