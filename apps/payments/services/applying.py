"""Taking in what providers say. An event is only a hint: the provider's book is asked, and its word is done once."""

from django.db import transaction
from django.utils import timezone

from apps.core import crash
from apps.core.money import Money
from apps.orders import services as orders
from apps.orders.models import Order
from apps.payments import states
from apps.payments.gateways import Settlement, gateways
from apps.payments.models import Payment, Refund, WebhookEvent
from apps.payments.services.refunds import give_back

State = Payment.State

# What came, and why it goes back.
_UNWANTED = {
    orders.Taken.TOO_LATE: Refund.Reason.TOO_LATE,
    orders.Taken.TWICE: Refund.Reason.PAID_TWICE,
    orders.Taken.WRONG_AMOUNT: Refund.Reason.WRONG_AMOUNT,
}


def apply_event(*, event_id: int) -> None:
    """Bring payment and order to where the provider's book is. Safe to repeat: an applied event does nothing.

    An event of a payment we do not know, or whose book entry names another order, is kept with that outcome and
    moves nothing. Raises WebhookEvent.DoesNotExist.
    """
    event = WebhookEvent.objects.get(pk=event_id)
    payment = Payment.unscoped.filter(ref=event.payload.get("payment"), method=event.provider).first()
    if payment is None:
        _finish(event, "unknown payment")
        return
    told = gateways()[event.provider].settlement(payment)
    crash.point("payments.apply.book_read")
    with transaction.atomic():
        # Order before payment, as everywhere. Two runs of one event take turns here, and the second sees `applied_at`.
        order = Order.unscoped.select_for_update(of=("self",)).get(pk=payment.order_id)
        payment = Payment.unscoped.select_for_update(of=("self",)).get(pk=payment.pk)
        event = WebhookEvent.objects.select_for_update().get(pk=event_id)
        if event.applied_at is None:
            _finish(event, _settle(order, payment, told))
            crash.point("payments.apply.event_finished")
    crash.point("payments.apply.committed")


def _finish(event: WebhookEvent, outcome: str) -> None:
    event.applied_at, event.outcome = timezone.now(), outcome
    event.save(update_fields=["applied_at", "outcome"])


def _settle(order: Order, payment: Payment, told: Settlement | None) -> str:
    """Do what the book says, if it says something new; returns what was done, for staff to read."""
    if told is None or told.order_number != order.number:
        return "unknown to the provider" if told is None else "the provider names another order"
    if told.state is None:
        return "not decided yet"
    if told.state == State.SUCCEEDED:
        return _take_in(order, payment, told.money)
    if not states.move(payment, told.state):
        return "no change"
    crash.point("payments.apply.payment_moved")
    if told.state == State.FAILED:
        orders.record_payment_failure(order_id=order.pk, payment_ref=payment.ref)
    elif told.state == State.PENDING:
        orders.record_payment_pending(order_id=order.pk, payment_ref=payment.ref)
    return str(told.state.value)


def _take_in(order: Order, payment: Payment, money: Money) -> str:
    """Money that came either pays the order or goes back in full, in the same transaction."""
    if not states.move(payment, State.SUCCEEDED, captured=money.amount, currency=money.currency):
        return "no change"
    crash.point("payments.apply.payment_moved")
    taken = orders.record_payment(
        order_id=order.pk, amount=money.amount, currency=money.currency, payment_ref=payment.ref
    )
    if taken == orders.Taken.PAID:
        Payment.unscoped.filter(pk=payment.pk).update(applied=True)
        return str(State.SUCCEEDED.value)
    if taken in _UNWANTED:
        give_back(payment_id=payment.pk, reason=_UNWANTED[taken])
    return str(taken.value)
