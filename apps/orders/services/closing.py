"""Ending an order before it is shipped: cancelled by a person, or expired because nobody paid in time.

The payment is closed at its provider first, outside any transaction; only if no money can come any more are the pieces
given back. Whatever happens to the order between the two steps moves its version, and then the close is not believed.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.catalog.services.stock import free_stock, write_off_held_stock
from apps.core import crash
from apps.core.errors import DomainError
from apps.orders import signals
from apps.orders.errors import IllegalMove, PaymentUnderWay
from apps.orders.extensions import payment_methods
from apps.orders.models import Order, OrderEvent
from apps.orders.services.lifecycle import order_quantities
from apps.orders.services.states import lock_order, move
from apps.pricing.services import release
from apps.users.models import User

logger = logging.getLogger(__name__)

SWEEP_BATCH = 500


def cancel_order(*, order_id: int, restock: bool, actor: User | None, reason: str = "") -> None:
    """Cancel an order that has not been shipped. Its pieces can be sold again (`restock`) or are written off.

    An unpaid order's payment is closed first; the money of a paid one goes back by whoever hears that it was cancelled.
    Raises PaymentUnderWay if money may still come, IllegalMove for a shipped or closed order; then nothing has changed.
    """
    seen = Order.unscoped.get(pk=order_id)
    _refuse_unless_open(seen)
    if not _no_money_can_come(seen):
        raise PaymentUnderWay
    with transaction.atomic():
        order = lock_order(order_id)
        if order.version != seen.version:
            raise IllegalMove
        _refuse_unless_open(order)
        event = move(
            order,
            OrderEvent.Kind.CANCELLED,
            states={"closure": Order.Closure.CANCELLED.value},
            data={"restock": restock},
            text=reason,
            actor=actor,
        )
        crash.point("orders.cancel.order_moved")
        # Before the stock moves: who hears it locks payments and discounts, and stock is the last lock of all.
        signals.order_cancelled.send(Order, order_id=order.pk, event_id=event.pk)
        crash.point("orders.cancel.facts_sent")
        release(order_ref=order.ref)
        quantities = order_quantities(order)
        if quantities and restock:
            free_stock(quantities=quantities)
        elif quantities:
            write_off_held_stock(quantities=quantities, order_ref=order.ref, actor=actor)
        crash.point("orders.cancel.stock_moved")


def expire_order(*, order_id: int) -> bool:
    """End an unpaid order whose hold has run out, and free its pieces. Returns whether it was ended.

    False, with nothing changed, if it was paid or moved meanwhile, or while money may still come.
    """
    seen = Order.unscoped.get(pk=order_id)
    if not _is_due(seen) or not _no_money_can_come(seen):
        return False
    crash.point("orders.expire.payment_closed")
    with transaction.atomic():
        order = lock_order(order_id)
        if order.version != seen.version or not _is_due(order):
            return False
        event = move(order, OrderEvent.Kind.EXPIRED, states={"closure": Order.Closure.EXPIRED.value})
        crash.point("orders.expire.order_moved")
        signals.order_expired.send(Order, order_id=order.pk, event_id=event.pk)
        release(order_ref=order.ref)
        free_stock(quantities=order_quantities(order))
        crash.point("orders.expire.stock_freed")
    return True


def sweep() -> int:
    """Expire every order whose hold has run out; returns how many. One that fails does not stop the others."""
    due = Order.unscoped.awaiting_payment().filter(hold_expires_at__lte=timezone.now())
    expired = 0
    for order_id in due.order_by("hold_expires_at", "pk").values_list("pk", flat=True)[:SWEEP_BATCH]:
        try:
            expired += expire_order(order_id=order_id)
        except (DomainError, OSError):
            # A provider that can't be asked, or a book that does not fit: the next round and the audit tell.
            logger.exception("Order %s could not be expired.", order_id)
    return expired


def _refuse_unless_open(order: Order) -> None:
    packed = (Order.FulfilmentState.UNFULFILLED, Order.FulfilmentState.PACKED)
    if order.closure != Order.Closure.NONE or order.fulfilment_state not in packed:
        raise IllegalMove


def _is_due(order: Order) -> bool:
    return order.can_be_paid and order.hold_expires_at <= timezone.now()


def _no_money_can_come(order: Order) -> bool:
    """Close the payment at its provider. A paid order has nothing open; neither has one that is free."""
    if order.payment_state == Order.PaymentState.PAID or not order.total:
        return True
    methods = payment_methods()
    if order.payment_method not in methods:
        # It was switched off. What it left open can't be asked, only waited out for a day.
        return bool(timezone.now() - order.placed_at > timedelta(days=1, seconds=settings.STOCK_HOLD_SECONDS))
    # Every method, not only the last chosen one: an earlier attempt may have been made by another.
    return all(method.close(order) for method in methods.values())
