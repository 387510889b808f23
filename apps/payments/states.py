"""How a payment may move. Money that came is money: a success is taken in from any state, and nothing undoes it."""

from typing import Any

from django.utils import timezone

from apps.payments.models import Payment

State = Payment.State

OPEN = (State.CREATED, State.PENDING, State.AUTHORISED)

ALLOWED: dict[Payment.State, frozenset[Payment.State]] = {
    State.CREATED: frozenset({State.PENDING, State.AUTHORISED, State.SUCCEEDED, State.FAILED, State.CLOSED}),
    State.PENDING: frozenset({State.AUTHORISED, State.SUCCEEDED, State.FAILED, State.CLOSED}),
    State.AUTHORISED: frozenset({State.SUCCEEDED, State.FAILED, State.CLOSED}),
    State.FAILED: frozenset({State.SUCCEEDED}),
    State.CLOSED: frozenset({State.SUCCEEDED}),
    State.SUCCEEDED: frozenset(),
}


def move(payment: Payment, to: Payment.State, **columns: Any) -> bool:
    """Compare-and-set, with other columns in the same statement; False, and nothing has changed, if it may not go."""
    sources = [source for source, targets in ALLOWED.items() if to in targets]
    rows = Payment.unscoped.filter(pk=payment.pk, state__in=sources)
    return bool(rows.update(state=to, updated_at=timezone.now(), **columns))
