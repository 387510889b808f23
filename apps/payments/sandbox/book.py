"""The test bank's book: what the bank itself holds true. The shop reads it where it would ask a provider's API."""

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from apps.core.money import Money
from apps.payments.gateways import Settlement
from apps.payments.models import Payment, SandboxTransaction, WebhookEvent

CODE = "sandbox"
Outcome = SandboxTransaction.Outcome

_STATES = {
    Outcome.PENDING: Payment.State.PENDING,
    Outcome.SUCCEEDED: Payment.State.SUCCEEDED,
    Outcome.DECLINED: Payment.State.FAILED,
    Outcome.CLOSED: Payment.State.CLOSED,
}


def open_transaction(payment: Payment, *, return_url: str) -> SandboxTransaction:
    return SandboxTransaction.objects.create(
        payment_ref=payment.ref,
        amount=payment.amount,
        currency=payment.currency,
        description=payment.order.number,
        return_url=return_url,
    )


def settlement(payment_ref: str) -> Settlement | None:
    """What the bank says of a payment now; None if it does not know it."""
    entry = SandboxTransaction.objects.filter(payment_ref=payment_ref).first()
    if entry is None:
        return None
    return Settlement(
        state=_STATES.get(Outcome(entry.outcome)),
        money=Money(entry.amount, entry.currency),
        order_number=entry.description,
    )


def close(payment_ref: str) -> Payment.State | None:
    """Withdraw a payment that nobody has decided on; returns how it stands then, None if the bank has none."""
    SandboxTransaction.objects.filter(payment_ref=payment_ref, outcome=Outcome.OPEN).update(outcome=Outcome.CLOSED)
    entry = settlement(payment_ref)
    return entry.state if entry else None


def refund(payment_ref: str, *, key: str, amount: int) -> bool:
    """Give money back, once per key; False if the bank has not taken that much."""
    with transaction.atomic():
        entry = SandboxTransaction.objects.select_for_update().filter(payment_ref=payment_ref).first()
        if entry is None or entry.outcome != Outcome.SUCCEEDED:
            return False
        if key in entry.refunds:
            return True
        if sum(entry.refunds.values()) + amount > entry.amount:
            return False
        entry.refunds = {**entry.refunds, key: amount}
        entry.save(update_fields=["refunds"])
    return True


def decided_without_effect() -> QuerySet[SandboxTransaction]:
    """Entries whose last word the shop has not taken in."""
    applied = WebhookEvent.objects.filter(provider=CODE, event_id=OuterRef("event_id"), applied_at__isnull=False)
    return SandboxTransaction.objects.exclude(event_id="").filter(~Exists(applied)).order_by("pk")
