"""What somebody at the test bank's counter can do: pay, be declined, or leave the payment under way."""

import secrets

from django.db import transaction
from django.db.models import TextChoices

from apps.core import crash
from apps.payments.models import SandboxTransaction
from apps.payments.tasks import deliver_webhook

Outcome = SandboxTransaction.Outcome


class Decision(TextChoices):
    """What the bank's page posts as `outcome`."""

    SUCCEED = "succeed"
    DECLINE = "decline"
    PENDING = "pending"


_OUTCOMES = {
    Decision.SUCCEED: Outcome.SUCCEEDED,
    Decision.DECLINE: Outcome.DECLINED,
    Decision.PENDING: Outcome.PENDING,
}


def outcome_of(decision: Decision) -> SandboxTransaction.Outcome:
    return _OUTCOMES[decision]


def decide(*, payment_ref: str, decision: Decision) -> bool:
    """Write the decision into the bank's book and ask for the webhook that tells the shop, in one transaction.

    A pending payment can still succeed or be declined; any other is decided once. False, and nothing has changed,
    if the book does not allow it any more.
    """
    outcome = outcome_of(decision)
    undecided = [Outcome.OPEN] if outcome == Outcome.PENDING else [Outcome.OPEN, Outcome.PENDING]
    event_id = f"evt_{secrets.token_urlsafe(16)}"
    with transaction.atomic():
        entries = SandboxTransaction.objects.filter(payment_ref=payment_ref)
        if not entries.filter(outcome__in=undecided).update(outcome=outcome, event_id=event_id):
            return False
        crash.point("payments.sandbox.outcome_written")
        deliver_webhook.enqueue(entries.get().pk, event_id, outcome.value)
    crash.point("payments.sandbox.outcome_committed")
    return True
