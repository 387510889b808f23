"""What must hold between payments, provider events and orders."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef
from django.utils import timezone

from apps.core import invariants
from apps.orders.models import Order
from apps.payments.models import Payment, SandboxTransaction, WebhookEvent

LONG_ENOUGH = timedelta(hours=1)
State = Payment.State


def orders_paid_twice() -> Iterator[str]:
    succeeded = Payment.unscoped.filter(state=State.SUCCEEDED)
    for row in succeeded.values("order__number").annotate(times=Count("pk")).filter(times__gt=1).order_by():
        yield f"Order {row['order__number']} was paid {row['times']} times."


def paid_orders_without_payment() -> Iterator[str]:
    payments = Payment.unscoped.filter(
        order=OuterRef("pk"), state=State.SUCCEEDED, amount=OuterRef("total"), currency=OuterRef("currency")
    )
    paid = Order.unscoped.filter(payment_state=Order.PaymentState.PAID, total__gt=0)
    for number in paid.filter(~Exists(payments)).values_list("number", flat=True):
        yield f"Order {number} is paid, but no payment of its total succeeded."


def payments_without_paid_order() -> Iterator[str]:
    """Money for an order that is not paid must at least be waiting for somebody to look at it."""
    unpaid = Payment.unscoped.filter(state=State.SUCCEEDED, order__attention="")
    for payment in unpaid.exclude(order__payment_state=Order.PaymentState.PAID).select_related("order"):
        yield f"Payment {payment.ref} succeeded, but order {payment.order.number} is not paid."


def events_left_waiting() -> Iterator[str]:
    old = WebhookEvent.objects.filter(applied_at__isnull=True, received_at__lt=timezone.now() - LONG_ENOUGH)
    for event in old:
        yield f"Event {event.event_id} of {event.provider} has waited since {event.received_at:%Y-%m-%d %H:%M}."


def success_without_effect() -> Iterator[str]:
    """The bank paid, its event was applied, and yet the payment is not received."""
    succeeded = Payment.unscoped.filter(ref=OuterRef("payment_ref"), state=State.SUCCEEDED)
    applied = WebhookEvent.objects.filter(event_id=OuterRef("event_id"), applied_at__isnull=False)
    entries = SandboxTransaction.objects.filter(Exists(applied), outcome=SandboxTransaction.Outcome.SUCCEEDED)
    for entry in entries.filter(~Exists(succeeded)):
        yield f"The test bank paid {entry.payment_ref}, but the payment is not marked as received."


def amounts_that_differ() -> Iterator[str]:
    for payment in Payment.unscoped.exclude(amount=F("order__total")).select_related("order"):
        yield f"Payment {payment.ref} asks for another amount than order {payment.order.number}."


def register_invariants() -> None:
    invariants.register("payments.order_paid_once", orders_paid_twice)
    invariants.register("payments.paid_order_has_payment", paid_orders_without_payment)
    invariants.register("payments.money_reaches_order", payments_without_paid_order)
    invariants.register("payments.events_applied", events_left_waiting)
    invariants.register("payments.success_has_effect", success_without_effect)
    invariants.register("payments.amount_is_order_total", amounts_that_differ)
