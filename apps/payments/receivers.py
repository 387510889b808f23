from typing import Any

from apps.orders.models import OrderEvent
from apps.payments import states
from apps.payments.models import Payment
from apps.payments.services import refunds
from apps.payments.tasks import close_open_attempts


def withdraw_attempts(sender: Any, *, order_id: int, **kwargs: Any) -> None:
    """A buyer who opened a new attempt while the order was being closed must not pay for nothing."""
    if Payment.unscoped.filter(order_id=order_id, state__in=states.OPEN).exists():
        close_open_attempts.enqueue(order_id)


def refund_cancelled_order(sender: Any, *, order_id: int, event_id: int, **kwargs: Any) -> None:
    """Whoever cancels a paid order gives its money back with the same button."""
    event = OrderEvent.unscoped.select_related("actor").get(pk=event_id)
    refunds.refund_cancelled(order_id=order_id, actor=event.actor)
