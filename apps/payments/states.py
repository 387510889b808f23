"""How a payment may move. Money that came is money: a success is taken in from any state, and nothing undoes it."""

from django.utils import timezone

from apps.payments.models import Payment

State = Payment.State

OPEN = (State.CREATED, State.PENDING)

ALLOWED: dict[Payment.State, frozenset[Payment.State]] = {
    State.CREATED: frozenset({State.PENDING, State.SUCCEEDED, State.FAILED, State.CLOSED}),
    State.PENDING: frozenset({State.SUCCEEDED, State.FAILED, State.CLOSED}),
    State.FAILED: frozenset({State.SUCCEEDED}),
    State.CLOSED: frozenset({State.SUCCEEDED}),
    State.SUCCEEDED: frozenset(),
}


def move(payment: Payment, to: Payment.State) -> bool:
    """Compare-and-set; False, and nothing has changed, if the payment may not go there from where it is."""
    sources = [source for source, targets in ALLOWED.items() if to in targets]
    rows = Payment.unscoped.filter(pk=payment.pk, state__in=sources)
    return bool(rows.update(state=to, updated_at=timezone.now()))
