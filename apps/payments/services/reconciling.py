"""The shop asks the providers itself, for whatever no webhook brought; what may not be mended is kept for staff."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from apps.core import crash
from apps.payments import states
from apps.payments.gateways import GatewayRefused, GatewayUnavailable, gateways
from apps.payments.models import Payment, WebhookEvent
from apps.payments.services.applying import apply_event, check_payment
from apps.payments.services.problems import keep_problems
from apps.payments.services.refunds import resend_refunds

logger = logging.getLogger("stoa.payments")

REFUND_PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """How many words of providers were missing, how many open payments have moved, how many refunds were asked for
    again, how many of all these could not be done, and how many problems are left for staff.
    """

    applied: int = 0
    moved: int = 0
    resent: int = 0
    failed: int = 0
    problems: int = 0


def reconcile(*, books: bool = True) -> Reconciliation:
    """Bring every payment to where its provider is, and write down what needs a person. Safe to repeat.

    `books` also looks at every order, stock and message, as `audit` does.

    A provider that does not answer, or an event that can't be applied, does not keep the others from their orders.
    """
    silent = _keep_missing_events()
    applied, unapplied = _apply_waiting()
    moved, unanswered = _ask_open_payments()
    return Reconciliation(
        applied=applied,
        moved=moved,
        resent=resend_refunds(older_than=REFUND_PATIENCE),
        failed=silent + unapplied + unanswered,
        problems=keep_problems(books=books),
    )


def _keep_missing_events() -> int:
    """The webhook's own event id is stored, so the call that arrives late is a repeat without effect."""
    silent = 0
    for code, gateway in gateways().items():
        try:
            missed = gateway.missed_events()
        except (GatewayUnavailable, GatewayRefused):
            logger.exception("Provider %s can't be asked for what was missed", code)
            silent += 1
            continue
        for event in missed:
            WebhookEvent.objects.get_or_create(
                provider=code, event_id=event.event_id, defaults={"kind": event.kind, "payload": event.payload}
            )
            crash.point("payments.reconcile.event_kept")
    return silent


def _apply_waiting() -> tuple[int, int]:
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
    return applied, failed


def _ask_open_payments() -> tuple[int, int]:
    """Open attempts one by one: rarely, a provider never writes the event."""
    open_ones = Payment.unscoped.filter(state__in=states.OPEN, method__in=list(gateways()), asked_at__isnull=False)
    moved = failed = 0
    for payment_id, before in list(open_ones.order_by("pk").values_list("pk", "state")):
        try:
            check_payment(payment_id=payment_id)
        except Exception:
            logger.exception("Payment id %s can't be checked", payment_id)
            failed += 1
            continue
        crash.point("payments.reconcile.payment_checked")
        moved += Payment.unscoped.exclude(state=before).filter(pk=payment_id).exists()
    return moved, failed
