"""Withdrawing what is open at a provider."""

from apps.orders.extensions import payment_methods
from apps.orders.models import Order
from apps.payments import states
from apps.payments.models import Payment


def close_attempts(*, order_id: int) -> bool:
    """Withdraw what is open at the provider of an order that was closed; True if no money can come any more."""
    order = Order.unscoped.get(pk=order_id)
    attempts = Payment.unscoped.filter(order=order, state__in=states.OPEN)
    codes = set(attempts.values_list("method", flat=True))
    closed = [code in payment_methods() and payment_methods()[code].close(order) for code in codes]
    return all(closed)
