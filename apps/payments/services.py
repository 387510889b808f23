"""Taking in what providers say. An event is only a hint: the provider's book is asked, and its word is done once."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from apps.core import crash
from apps.orders import services as orders
from apps.orders.extensions import payment_methods
from apps.orders.models import Order
from apps.payments import states
from apps.payments.models import Payment, WebhookEvent
from apps.payments.sandbox import book
from apps.payments.settlement import Settlement

logger = logging.getLogger("stoa.payments")
State = Payment.State

_BOOKS: dict[str, Callable[[str], Settlement | None]] = {book.CODE: book.settlement}


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """How many words of providers were missing, and how many of them could not be taken in."""

    applied: int = 0
    failed: int = 0


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
    told = _BOOKS[event.provider](payment.ref)
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
    if told.state == State.SUCCEEDED and told.money != payment.money:
        # Orders refuses the sum and asks staff to look; the payment stays as it is, so nothing counts as paid.
        _record_success(order, told, payment.ref)
        return "the amount differs"
    if not states.move(payment, told.state):
        return "no change"
    crash.point("payments.apply.payment_moved")
    if told.state == State.SUCCEEDED:
        _record_success(order, told, payment.ref)
    elif told.state == State.FAILED:
        orders.record_payment_failure(order_id=order.pk, payment_ref=payment.ref)
    elif told.state == State.PENDING:
        orders.record_payment_pending(order_id=order.pk, payment_ref=payment.ref)
    return str(told.state.value)


def _record_success(order: Order, told: Settlement, payment_ref: str) -> None:
    orders.record_payment(
        order_id=order.pk, amount=told.money.amount, currency=told.money.currency, payment_ref=payment_ref
    )


def close_attempts(*, order_id: int) -> bool:
    """Withdraw what is open at the provider of an order that was closed; True if no money can come any more."""
    order = Order.unscoped.get(pk=order_id)
    attempts = Payment.unscoped.filter(order=order, state__in=states.OPEN)
    codes = set(attempts.values_list("method", flat=True))
    closed = [code in payment_methods() and payment_methods()[code].close(order) for code in codes]
    return all(closed)


def reconcile() -> Reconciliation:
    """Take in every word of a provider that its webhook did not bring or that was not applied. Safe to repeat."""
    _keep_missing_events()
    waiting = WebhookEvent.objects.filter(applied_at__isnull=True).order_by("pk")
    applied = failed = 0
    for event_id in list(waiting.values_list("pk", flat=True)):
        try:
            apply_event(event_id=event_id)
            applied += 1
        except Exception:
            # One event that can't be applied must not keep the others from their orders.
            logger.exception("Provider event %s can't be applied", event_id)
            failed += 1
    return Reconciliation(applied=applied, failed=failed)


def _keep_missing_events() -> None:
    """The webhook's own event id is stored, so the call that arrives late is a repeat without effect."""
    for entry in book.decided_without_effect():
        WebhookEvent.objects.get_or_create(
            provider=book.CODE,
            event_id=entry.event_id,
            defaults={"kind": f"payment.{entry.outcome}", "payload": {"payment": entry.payment_ref}},
        )
