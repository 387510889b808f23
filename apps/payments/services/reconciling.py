"""The shop asks the providers itself, for whatever no webhook brought."""

import logging
from dataclasses import dataclass

from apps.payments.gateways import gateways
from apps.payments.models import WebhookEvent
from apps.payments.services.applying import apply_event

logger = logging.getLogger("stoa.payments")


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """How many words of providers were missing, and how many of them could not be taken in."""

    applied: int = 0
    failed: int = 0


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
    for code, gateway in gateways().items():
        for missed in gateway.missed_events():
            WebhookEvent.objects.get_or_create(
                provider=code, event_id=missed.event_id, defaults={"kind": missed.kind, "payload": missed.payload}
            )
