"""What must hold between payments, refunds, provider events and orders."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.core import invariants
from apps.orders.models import Order
from apps.payments.models import Payment, Refund, SandboxTransaction, WebhookEvent
from apps.payments.services.applying import UNKNOWN_MONEY

LONG_ENOUGH = timedelta(hours=1)
State = Payment.State


def paid_orders_without_payment() -> Iterator[str]:
    """One payment pays an order (the database allows no second), and it brought the order's total."""
    payments = Payment.unscoped.filter(
        order=OuterRef("pk"), applied=True, captured=OuterRef("total"), currency=OuterRef("currency")
    )
    paid = Order.unscoped.filter(payment_state=Order.PaymentState.PAID, total__gt=0)
    for number in paid.filter(~Exists(payments)).values_list("number", flat=True):
        yield f"Order {number} is paid, but no payment of its total succeeded."


def payments_without_paid_order() -> Iterator[str]:
    """Money pays its order or goes back in full."""
    astray = Payment.unscoped.filter(applied=True).exclude(order__payment_state=Order.PaymentState.PAID)
    for payment in astray.select_related("order"):
        yield f"Payment {payment.ref} pays order {payment.order.number}, but the order is not paid."
    kept = Payment.unscoped.filter(applied=False, captured__gt=F("refunded"))
    for payment in kept.select_related("order"):
        yield f"Payment {payment.ref} does not pay order {payment.order.number}, and its money is not going back."


def captured_money_that_differs() -> Iterator[str]:
    """Only a success has brought money, and every success has."""
    for ref, state, captured in (
        Payment.unscoped.filter(Q(state=State.SUCCEEDED, captured=0) | ~Q(state=State.SUCCEEDED) & ~Q(captured=0))
        .order_by("pk")
        .values_list("ref", "state", "captured")
    ):
        yield f"Payment {ref} is {state} and has captured {captured}."


def refunded_money_that_differs() -> Iterator[str]:
    """What a payment counts as refunded are its refunds that have not failed."""
    counted = Coalesce(Sum("refunds__amount", filter=~Q(refunds__state=Refund.State.FAILED)), 0)
    for payment in Payment.unscoped.annotate(counted=counted).exclude(refunded=F("counted")).order_by("pk"):
        yield f"Payment {payment.ref} counts {payment.refunded} as refunded, its refunds are {payment.counted}."


def events_left_waiting() -> Iterator[str]:
    old = WebhookEvent.objects.filter(applied_at__isnull=True, received_at__lt=timezone.now() - LONG_ENOUGH)
    for event in old:
        yield f"Event {event.event_id} of {event.provider} has waited since {event.received_at:%Y-%m-%d %H:%M}."


def money_nobody_knows() -> Iterator[str]:
    for event in WebhookEvent.objects.filter(outcome=UNKNOWN_MONEY):
        yield f"Event {event.event_id} of {event.provider} tells of money that belongs to no order."


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
    invariants.register("payments.paid_order_has_payment", paid_orders_without_payment)
    invariants.register("payments.money_reaches_order_or_goes_back", payments_without_paid_order)
    invariants.register("payments.captured_is_success", captured_money_that_differs)
    invariants.register("payments.refunded_is_its_refunds", refunded_money_that_differs)
    invariants.register("payments.events_applied", events_left_waiting)
    invariants.register("payments.money_is_known", money_nobody_knows)
    invariants.register("payments.success_has_effect", success_without_effect)
    invariants.register("payments.amount_is_order_total", amounts_that_differ)
