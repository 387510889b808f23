"""The one place where an order's states move: a table of allowed moves, a compare-and-set, an event."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from apps.orders.errors import IllegalMove
from apps.orders.models import Order, OrderEvent
from apps.orders.models.order import OrderStatus
from apps.users.models import User

Closure, Payment = Order.Closure, Order.PaymentState
Fulfilment, Refund = Order.FulfilmentState, Order.RefundState

# column: {from: to…}. A step that is not here does not exist.
MOVES: dict[str, dict[str, frozenset[str]]] = {
    "payment_state": {Payment.AWAITING: frozenset({Payment.PAID})},
    "fulfilment_state": {
        Fulfilment.UNFULFILLED: frozenset({Fulfilment.PACKED, Fulfilment.SHIPPED}),
        Fulfilment.PACKED: frozenset({Fulfilment.SHIPPED}),
        Fulfilment.SHIPPED: frozenset({Fulfilment.DELIVERED}),
    },
    "refund_state": {
        Refund.NONE: frozenset({Refund.PARTIAL, Refund.FULL}),
        # Back again: a refund can fail at the provider days after it was accepted.
        Refund.PARTIAL: frozenset({Refund.FULL, Refund.NONE}),
        Refund.FULL: frozenset({Refund.PARTIAL, Refund.NONE}),
    },
    "closure": {
        Closure.NONE: frozenset({Closure.CANCELLED, Closure.EXPIRED}),
        Closure.EXPIRED: frozenset({Closure.NONE}),  # paid late, and its pieces could be held again
    },
}

_IN_FULFILMENT = {
    Fulfilment.PACKED: OrderStatus.FULFILLING,
    Fulfilment.SHIPPED: OrderStatus.SHIPPED,
    Fulfilment.DELIVERED: OrderStatus.DELIVERED,
}


def summarise(*, payment: str, fulfilment: str, refund: str, closure: str) -> OrderStatus:
    """The one word for an order: what ended it counts most, what still has to happen least."""
    if closure != Closure.NONE:
        return OrderStatus(closure)
    if refund == Refund.FULL:
        return OrderStatus.REFUNDED
    if fulfilment != Fulfilment.UNFULFILLED:
        return _IN_FULFILMENT[Fulfilment(fulfilment)]
    if refund == Refund.PARTIAL:
        return OrderStatus.PARTIALLY_REFUNDED
    return OrderStatus.PAID if payment == Payment.PAID else OrderStatus.AWAITING_PAYMENT


def lock_order(order_id: int) -> Order:
    """The order, locked until the transaction ends. Raises Order.DoesNotExist."""
    order: Order = Order.unscoped.select_for_update().get(pk=order_id)
    return order


def move(
    order: Order,
    kind: OrderEvent.Kind,
    *,
    states: dict[str, str],
    columns: dict[str, Any] | None = None,
    data: dict[str, Any] | None = None,
    text: str = "",
    actor: User | None = None,
    public: bool = True,
) -> OrderEvent:
    """Move state columns of a locked order, write its status anew and append the event.

    Raises IllegalMove, having changed nothing, for a step that MOVES does not know or when the row was moved by
    someone else since it was read.
    """
    before = {column: getattr(order, column) for column in MOVES}
    for column, value in states.items():
        if value not in MOVES[column].get(before[column], frozenset()):
            raise IllegalMove
    after = {**before, **states}
    status = summarise(
        payment=after["payment_state"],
        fulfilment=after["fulfilment_state"],
        refund=after["refund_state"],
        closure=after["closure"],
    )
    changes: dict[str, Any] = {**states, **(columns or {}), "status": status}
    unmoved = Order.unscoped.filter(pk=order.pk, **before)
    if not unmoved.update(version=F("version") + 1, **changes):
        raise IllegalMove
    for column, value in changes.items():
        setattr(order, column, value)
    order.version += 1
    return _event(order, kind, data=data, text=text, actor=actor, public=public)


def note(
    order: Order,
    kind: OrderEvent.Kind,
    *,
    columns: dict[str, Any] | None = None,
    data: dict[str, Any] | None = None,
    text: str = "",
    actor: User | None = None,
    public: bool = True,
) -> OrderEvent:
    """Append an event to a locked order without moving a state; the version tells the status page to look."""
    Order.unscoped.filter(pk=order.pk).update(version=F("version") + 1, **(columns or {}))
    for column, value in (columns or {}).items():
        setattr(order, column, value)
    order.version += 1
    return _event(order, kind, data=data, text=text, actor=actor, public=public)


def flag(order: Order, reason: str, *, data: dict[str, Any] | None = None) -> OrderEvent:
    """Ask for a person: `reason` is a plain English sentence that the admin translates."""
    return note(
        order,
        OrderEvent.Kind.ATTENTION,
        columns={"attention": reason},
        data=data,
        text=reason,
        public=False,
    )


def _event(order: Order, kind: OrderEvent.Kind, *, data: dict[str, Any] | None, **fields: Any) -> OrderEvent:
    event: OrderEvent = OrderEvent.unscoped.create(order=order, kind=kind, data=data or {}, **fields)
    return event
