"""What happens to an order after it was placed: money, parcels. Called by payments and shipping; repeats are harmless.

Every service locks the order first and runs inside the caller's transaction if there is one.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_noop

from apps.catalog.services.stock import consume_stock
from apps.core import crash
from apps.orders import signals
from apps.orders.errors import IllegalMove, PaymentMethodGone
from apps.orders.extensions import payment_methods
from apps.orders.models import Order, OrderEvent, OrderLine
from apps.orders.services.states import flag, lock_order, move, note
from apps.users.models import User

Kind = OrderEvent.Kind

# Kept in English on the order; the admin translates them.
WRONG_AMOUNT = gettext_noop("A payment arrived with another amount or currency than the order's total.")
PAID_TWICE = gettext_noop("The order was paid twice.")
PAID_AFTER_CLOSING = gettext_noop("Money arrived after the order was closed.")
REFUND_DUE = gettext_noop("The order was cancelled after it was paid: refund the payment.")


def order_quantities(order: Order) -> dict[int, int]:
    """Pieces of an order by variant id, summed over its lines."""
    rows = OrderLine.unscoped.filter(order=order).order_by().values_list("variant_id")
    return dict(rows.annotate(pieces=Sum("quantity")))


def record_payment(*, order_id: int, amount: int, currency: str, payment_ref: str) -> None:
    """Note that money arrived: `amount` in minor units of `currency`, known to the provider as `payment_ref`.

    The order becomes paid only if it is open and the amount is its total. Any other money never makes it paid but
    asks for a person. The same `payment_ref` a second time changes nothing. Raises Order.DoesNotExist.
    """
    data = {"payment_ref": payment_ref, "amount": amount, "currency": currency}
    with transaction.atomic():
        order = lock_order(order_id)
        if _has_event(order, [Kind.PAID, Kind.ATTENTION], payment_ref):
            return
        if order.payment_state == Order.PaymentState.PAID:
            flag(order, PAID_TWICE, data=data)
            return
        if (amount, currency) != (order.total, order.currency):
            flag(order, WRONG_AMOUNT, data=data)
            return
        if order.closure != Order.Closure.NONE:
            flag(order, PAID_AFTER_CLOSING, data=data)
            return
        states = {"payment_state": Order.PaymentState.PAID.value}
        event = move(order, Kind.PAID, states=states, columns={"paid_at": timezone.now()}, data=data)
        crash.point("orders.record_payment.order_moved")
        _send(signals.order_paid, order, event)
        crash.point("orders.record_payment.facts_sent")


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
    paid, is closed or is past that step, and catalog's StockNotHeld; then nothing has changed.
    """
    kinds = {"packed": Kind.PACKED, "shipped": Kind.SHIPPED, "delivered": Kind.DELIVERED}
    if to not in kinds:
        raise IllegalMove
    with transaction.atomic():
        order = lock_order(order_id)
        if order.payment_state != Order.PaymentState.PAID or order.closure != Order.Closure.NONE:
            raise IllegalMove
        event = move(order, kinds[to], states={"fulfilment_state": to}, data=data, actor=actor)
        crash.point("orders.record_fulfilment.order_moved")
        if to == "shipped":
            consume_stock(quantities=order_quantities(order), order_ref=order.ref, actor=actor)
            _send(signals.order_shipped, order, event)
        elif to == "delivered":
            _send(signals.order_delivered, order, event)


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


def _has_event(order: Order, kinds: list[Kind], payment_ref: str) -> bool:
    """Whether this payment has already told us so; the order is locked, so nobody tells it at the same time."""
    known = OrderEvent.unscoped.filter(order=order, kind__in=kinds).values_list("data", flat=True)
    return any(data.get("payment_ref") == payment_ref for data in known)


def _send(signal: Signal, order: Order, event: OrderEvent) -> None:
    signal.send(Order, order_id=order.pk, event_id=event.pk)
