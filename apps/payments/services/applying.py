"""Taking in what providers say. An event is only a hint: the provider's book is asked, and its word is done once."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from apps.core import crash
from apps.core.money import Money
from apps.orders import services as orders
from apps.orders.models import Order
from apps.payments import states
from apps.payments.gateways import Gateway, Settlement, gateways
from apps.payments.models import Payment, Refund, WebhookEvent
from apps.payments.services.folding import fold_disputes, fold_refunds
from apps.payments.services.refunds import give_back

State = Payment.State

# Outcomes that reconciliation and the audit look for.
UNKNOWN_PAYMENT = "unknown payment"
UNKNOWN_MONEY = "money of no order"
OTHER_ORDER = "the provider names another order"

# Kept in English on the order; the admin translates them.
DOUBTED = gettext_noop("The payment provider says something about a payment that does not fit this order.")

# What came, and why it goes back.
_UNWANTED = {
    orders.Taken.TOO_LATE: Refund.Reason.TOO_LATE,
    orders.Taken.TWICE: Refund.Reason.PAID_TWICE,
    orders.Taken.WRONG_AMOUNT: Refund.Reason.WRONG_AMOUNT,
}
# A delayed method takes days to decide; the goods wait for it. An authorisation says itself how long it holds.
UNDECIDED_HOLD, AUTHORISED_HOLD = timedelta(days=14), timedelta(days=6)


def apply_event(*, event_id: int) -> None:
    """Bring payment and order to where the provider's book is. Safe to repeat: an applied event does nothing.

    An event of a payment we do not know, or whose book entry names another order, is kept with that outcome and
    moves nothing; money that belongs to an order of ours without a row gets its row. Raises
    WebhookEvent.DoesNotExist, KeyError for a provider that is not built in, and gateways.GatewayUnavailable.
    """
    event = WebhookEvent.objects.get(pk=event_id)
    if event.applied_at is not None:
        return
    gateway = gateways()[event.provider]
    doubt = gateway.doubts(event.payload)
    if doubt:
        _finish(event, doubt)
        return
    payment = payment_of(event)
    told = gateway.settlement(payment) if payment else None
    if payment is None or (told is not None and _of_another(event, told)):
        told = gateway.stranger(event.payload)
        payment = _adopt(gateway, told)
    if payment is None:
        has_money = told is not None and told.state == State.SUCCEEDED
        _finish(event, UNKNOWN_MONEY if has_money else UNKNOWN_PAYMENT)
        return
    crash.point("payments.apply.book_read")
    with transaction.atomic():
        order, payment = _locked(payment)
        # Two runs of one event take turns here, and the second sees `applied_at`.
        event = WebhookEvent.objects.select_for_update().get(pk=event_id)
        if event.applied_at is None:
            _finish(event, settle(order, payment, told))
            crash.point("payments.apply.event_finished")
    crash.point("payments.apply.committed")


def check_payment(*, payment_id: int, patient: bool = True) -> str:
    """Ask the provider about one payment and do what it says; returns what was done, for staff to read.

    Raises Payment.DoesNotExist, and gateways.GatewayUnavailable: then nothing has changed.
    """
    payment = Payment.unscoped.get(pk=payment_id)
    told = gateways()[payment.method].settlement(payment, patient=patient)
    crash.point("payments.check.book_read")
    with transaction.atomic():
        order, payment = _locked(payment)
        outcome = settle(order, payment, told)
        crash.point("payments.check.settled")
    return outcome


def payment_of(event: WebhookEvent) -> Payment | None:
    """The attempt that an event is about: by the provider's own references before ours, which anybody could write."""
    attempts = Payment.unscoped.filter(method=event.provider)
    for column, name in (("session_ref", "session"), ("intent_ref", "intent"), ("ref", "payment")):
        value = event.payload.get(name)
        found = attempts.filter(**{column: value}).first() if value else None
        if found is not None:
            return found
    return None


def _of_another(event: WebhookEvent, told: Settlement) -> bool:
    """Whether the event speaks of other objects than those of the payment that it names."""
    pairs = ((event.payload.get("session"), told.session_ref), (event.payload.get("intent"), told.intent_ref))
    return any(named and ours and named != ours for named, ours in pairs)


def _adopt(gateway: Gateway, told: Settlement | None) -> Payment | None:
    """A row for money of an order of ours that has none: what the row would have been is taken from the provider."""
    if told is None or told.doubt or told.state != State.SUCCEEDED:
        return None
    with transaction.atomic():
        order = Order.unscoped.select_for_update().filter(number=told.order_number).first()
        if order is None:
            return None
        # Of whatever order: what one payment is known as never becomes another's, whatever is said of it.
        theirs = Q(session_ref=told.session_ref) if told.session_ref else Q(intent_ref=told.intent_ref)
        unnoted = Q(order=order, ref=told.payment_ref, session_ref="", intent_ref="")
        attempts = Payment.unscoped.filter(method=gateway.code)
        known = attempts.filter(theirs).first() or attempts.filter(unnoted).first()
        if known is not None:
            return known
        payment: Payment = Payment.unscoped.create(
            order=order,
            method=gateway.code,
            attempt=(Payment.unscoped.filter(order=order).aggregate(last=Max("attempt"))["last"] or 0) + 1,
            state=State.CLOSED,
            amount=order.total or told.money.amount,
            currency=order.currency,
            session_ref=told.session_ref,
            intent_ref=told.intent_ref,
        )
        crash.point("payments.adopt.payment_written")
        return payment


def _locked(payment: Payment) -> tuple[Order, Payment]:
    """Order before payment, as everywhere."""
    order: Order = Order.unscoped.select_for_update().get(pk=payment.order_id)
    fresh: Payment = Payment.unscoped.select_for_update().get(pk=payment.pk)
    return order, fresh


def _finish(event: WebhookEvent, outcome: str) -> None:
    event.applied_at, event.outcome = timezone.now(), outcome[:200]
    event.save(update_fields=["applied_at", "outcome"])


def settle(order: Order, payment: Payment, told: Settlement | None) -> str:
    """Do what the book says, if it says something new; both rows are locked by the caller.

    Returns what was done, for staff to read.
    """
    if told is None:
        return "unknown to the provider"
    if told.doubt or told.order_number != order.number:
        orders.ask_for_attention(order_id=order.pk, reason=DOUBTED)
        return told.doubt or OTHER_ORDER
    refs = {"session_ref": told.session_ref, "intent_ref": told.intent_ref}
    Payment.unscoped.filter(pk=payment.pk).update(**{name: ref for name, ref in refs.items() if ref} or refs)
    outcome = _move(order, payment, told)
    fold_refunds(payment, told.refunds)
    fold_disputes(payment, told.disputes)
    return outcome


def _move(order: Order, payment: Payment, told: Settlement) -> str:
    if told.state is None:
        return "not decided yet"
    if told.state == State.SUCCEEDED:
        return _take_in(order, payment, told.money)
    if not states.move(payment, told.state):
        return "no change"
    crash.point("payments.apply.payment_moved")
    if told.state == State.AUTHORISED:
        _keep_authorised(order, payment, told)
    elif told.state == State.PENDING:
        orders.record_payment_pending(order_id=order.pk, payment_ref=payment.ref)
        orders.hold_until(order_id=order.pk, moment=timezone.now() + UNDECIDED_HOLD)
    else:
        _give_up(order, payment, told.state)
    return str(told.state.value)


def _give_up(order: Order, payment: Payment, state: Payment.State) -> None:
    """Nothing came of the attempt. After days of waiting the buyer gets the usual time to pay otherwise."""
    if state == State.FAILED:
        orders.record_payment_failure(order_id=order.pk, payment_ref=payment.ref)
    if payment.state in {State.PENDING, State.AUTHORISED}:
        hold = timedelta(seconds=settings.STOCK_HOLD_SECONDS)
        orders.hold_until(order_id=order.pk, moment=timezone.now() + hold)


def _keep_authorised(order: Order, payment: Payment, told: Settlement) -> None:
    """Authorised money keeps the goods for as long as it can be taken; what nobody wants any more is let go."""
    from apps.payments.tasks import close_open_attempts

    until = told.until or timezone.now() + AUTHORISED_HOLD
    Payment.unscoped.filter(pk=payment.pk).update(expires_at=until)
    if order.can_be_paid and told.money == order.money(order.total):
        orders.record_payment_pending(order_id=order.pk, payment_ref=payment.ref)
        orders.hold_until(order_id=order.pk, moment=until)
        crash.point("payments.apply.hold_prolonged")
    else:
        close_open_attempts.enqueue(order.pk)


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
        crash.point("payments.apply.given_back")
    return str(taken.value)
