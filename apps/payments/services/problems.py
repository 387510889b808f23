"""What reconciliation may not mend by itself: found anew in every run, kept for staff, gone when it is mended."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from apps.core import invariants
from apps.core.errors import DomainError
from apps.core.money import Money
from apps.orders.models import Order
from apps.payments import states
from apps.payments.gateways import GatewayUnavailable
from apps.payments.models import Payment, Problem, Refund, WebhookEvent
from apps.payments.models.problem import SENTENCES
from apps.payments.services.applying import OTHER_ORDER, UNKNOWN_MONEY, check_payment, payment_of
from apps.payments.services.refunds import give_back
from apps.users.models import User

Kind = Problem.Kind

# A hosted page lives for a day at most, and a delayed method for two weeks.
TOO_LONG = {Payment.State.CREATED: timedelta(days=2), Payment.State.AUTHORISED: timedelta(days=8)}
TOO_LONG_UNDECIDED = timedelta(days=15)
EVENT_PATIENCE = timedelta(hours=1)


class NothingToGiveBack(DomainError):
    message = _("Nothing of this payment is left to give back.")


class ProviderSilent(DomainError):
    message = _("The payment provider does not answer at the moment. Please try again in a minute.")


@dataclass(frozen=True, slots=True)
class Found:
    kind: Problem.Kind
    about: str
    facts: dict[str, str]
    payment_id: int | None = None
    told: str = ""

    @property
    def detail(self) -> str:
        """In English, whatever language the finder runs in."""
        with translation.override("en"):
            return self.told or str(SENTENCES[self.kind] % self.facts)

    @property
    def key(self) -> str:
        return hashlib.sha256(f"{self.kind}:{self.about}".encode()).hexdigest()


def keep_problems(*, books: bool = True) -> int:
    """Write down what is wrong now and forget what is not wrong any more; returns how many are there.

    `books` looks at every order, stock and message too, which takes long in a large shop.
    """
    found = {problem.key: problem for problem in [*_find(), *(_broken_books() if books else ())]}
    with transaction.atomic():
        looked_at = Problem.objects.all() if books else Problem.objects.exclude(kind=Kind.BOOKS)
        looked_at.exclude(key__in=list(found)).delete()
        for key, problem in found.items():
            Problem.objects.get_or_create(
                key=key,
                defaults={
                    "kind": problem.kind,
                    "detail": problem.detail[:500],
                    "facts": problem.facts,
                    "payment_id": problem.payment_id,
                },
            )
    return Problem.objects.count()


def _find() -> Iterator[Found]:
    yield from _unknown_money()
    yield from _mismatches()
    yield from _unreturned()
    yield from _stuck_payments()
    yield from _stuck_events()


def _unknown_money() -> Iterator[Found]:
    for event in WebhookEvent.objects.filter(outcome=UNKNOWN_MONEY):
        named = event.payload.get("intent") or event.payload.get("session") or event.event_id
        yield Found(Kind.UNKNOWN_MONEY, named, {"provider": event.provider, "named": named})


def _mismatches() -> Iterator[Found]:
    for event in WebhookEvent.objects.filter(outcome=OTHER_ORDER):
        payment = payment_of(event)
        yield Found(
            Kind.MISMATCH, event.event_id, {"event": event.event_id}, payment_id=payment.pk if payment else None
        )


def _unreturned() -> Iterator[Found]:
    kept = Payment.unscoped.filter(applied=False, captured__gt=F("refunded")).select_related("order")
    for payment in kept:
        left = Money(payment.captured - payment.refunded, payment.currency)
        facts = {"order": payment.order.number, "left": f"{left.decimal} {left.currency}"}
        yield Found(Kind.NOT_GIVEN_BACK, payment.ref, facts, payment_id=payment.pk)


def _stuck_payments() -> Iterator[Found]:
    now = timezone.now()
    for payment in Payment.unscoped.filter(state__in=states.OPEN).select_related("order"):
        patience = TOO_LONG.get(Payment.State(payment.state), TOO_LONG_UNDECIDED)
        if payment.updated_at < now - patience:
            facts = {"order": payment.order.number, "attempt": str(payment.attempt)}
            yield Found(Kind.STUCK_PAYMENT, payment.ref, facts, payment_id=payment.pk)


def _stuck_events() -> Iterator[Found]:
    waiting = WebhookEvent.objects.filter(applied_at__isnull=True, received_at__lt=timezone.now() - EVENT_PATIENCE)
    for event in waiting:
        yield Found(Kind.STUCK_EVENT, event.event_id, {"event": event.event_id, "provider": event.provider})


def _broken_books() -> Iterator[Found]:
    """Orders, stock and messages, by the same checks as `audit`; what stands above is not said twice."""
    said_above = {"payments.money_is_known", "payments.events_applied"}
    for broken in invariants.audit():
        if broken.invariant not in said_above:
            yield Found(Kind.BOOKS, f"{broken.invariant}:{broken.detail}", {}, told=broken.detail)


# What staff can do about one


def mark_seen(*, problem_id: int, actor: User) -> None:
    """Somebody knows and looks after it; it leaves the list of what is new. Raises Problem.DoesNotExist."""
    problem = Problem.objects.get(pk=problem_id)
    if problem.seen_at is None:
        Problem.objects.filter(pk=problem.pk).update(seen_at=timezone.now(), seen_by=actor)


def recheck(*, problem_id: int) -> str:
    """Ask the provider about the payment of a problem; returns what was done.

    Raises Problem.DoesNotExist, and ProviderSilent: then nothing has changed.
    """
    problem = Problem.objects.get(pk=problem_id)
    if problem.payment_id is None:
        return "no payment"
    try:
        return check_payment(payment_id=problem.payment_id)
    except GatewayUnavailable as error:
        raise ProviderSilent from error


def return_money(*, problem_id: int) -> Refund:
    """Give back in full what a payment has brought that does not pay its order.

    Raises Problem.DoesNotExist, NothingToGiveBack if all of it is on its way back, and refunds.NotRefundable if it
    pays its order; then nothing has changed.
    """
    problem = Problem.objects.get(pk=problem_id)
    with transaction.atomic():
        payment = problem.payment
        if payment is None:
            raise NothingToGiveBack
        Order.unscoped.select_for_update().get(pk=payment.order_id)
        refund = give_back(payment_id=payment.pk, reason=Refund.Reason.OTHER)
        if refund is None:
            raise NothingToGiveBack
        return refund
