"""The inbox of provider events: stored first, understood later by a job."""

from typing import Any

from django.db import transaction

from apps.core import crash
from apps.payments.models import WebhookEvent
from apps.payments.tasks import apply_provider_event


def receive_event(*, provider: str, event_id: str, kind: str, payload: dict[str, Any]) -> bool:
    """Keep a verified event and ask for its job, in one transaction. False, and nothing has changed, for a repeat."""
    with transaction.atomic():
        event, created = WebhookEvent.objects.get_or_create(
            provider=provider, event_id=event_id, defaults={"kind": kind, "payload": payload}
        )
        if created:
            crash.point("payments.webhook.event_written")
            apply_provider_event.enqueue(event.pk)
    crash.point("payments.webhook.committed")
    return created
