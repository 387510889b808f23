from typing import Any

from apps.payments import states
from apps.payments.models import Payment
from apps.payments.tasks import close_open_attempts


def withdraw_attempts(sender: Any, *, order_id: int, **kwargs: Any) -> None:
    """A buyer who opened a new attempt while the order was being closed must not pay for nothing."""
    if Payment.unscoped.filter(order_id=order_id, state__in=states.OPEN).exists():
        close_open_attempts.enqueue(order_id)
