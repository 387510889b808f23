"""Taking in what a provider holds true of refunds and disputes, ours and those that were made outside the shop.

The words may come in any order and as often as they like: a refund only moves on (on its way, done, failed), and so
does a dispute (open, then won or lost). The caller holds the locks of order and payment, in its transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Sum
from django.utils import timezone

from apps.core import crash
from apps.core.money import Money
from apps.orders import services as orders
from apps.payments.gateways import ToldDispute, ToldRefund
from apps.payments.models import Dispute, Payment, Refund
from apps.payments.services.refunds.parts import order_parts
from apps.pricing.refunding import Selection, refund_quote

State = Refund.State


def fold_refunds(payment: Payment, told: Iterable[ToldRefund]) -> None:
    """Bring our refunds of a locked payment to where the provider's are, and add those that we did not make."""
    for word in told:
        payment.refresh_from_db()
        refund = _known(payment, word)
        if refund is not None:
            _move(refund, word)
        else:
            _add(payment, word, origin=Refund.Origin.OUTSIDE)


def fold_disputes(payment: Payment, told: Iterable[ToldDispute]) -> None:
    """Note the disputes of a locked payment. A lost one is money that has gone back, as if it were refunded."""
    for word in told:
        payment.refresh_from_db()
        dispute, created = Dispute.unscoped.get_or_create(
            provider_ref=word.provider_ref,
            defaults={
                "payment": payment,
                "reason": word.reason[:64],
                "amount": word.money.amount,
                "currency": word.money.currency,
            },
        )
        if created:
            _note(dispute, Dispute.State.OPEN, attention=orders.DISPUTED)
        if word.state == Dispute.State.OPEN or dispute.state != Dispute.State.OPEN:
            continue
        Dispute.unscoped.filter(pk=dispute.pk).update(state=word.state, closed_at=timezone.now())
        lost = word.state == Dispute.State.LOST
        _note(dispute, word.state, attention=orders.DISPUTE_LOST if lost else "")
        if lost:
            _take_away(payment, word)


def _known(payment: Payment, word: ToldRefund) -> Refund | None:
    """By the provider's reference, else by our own, which the provider keeps for us.

    One that failed without ever having the provider's was refused; if it is there all the same, it is a new one to us.
    """
    refunds = Refund.unscoped.filter(payment=payment)
    found: Refund | None = None
    if word.provider_ref:
        found = refunds.filter(provider_ref=word.provider_ref).first()
    if found is None and word.our_ref:
        found = refunds.filter(ref=word.our_ref).first()
        if found is not None and found.state == State.FAILED and not found.provider_ref and word.provider_ref:
            found = None
    return found


def _move(refund: Refund, word: ToldRefund) -> None:
    """One step on, by compare-and-set; a word that is older than what we know changes nothing."""
    named = {"provider_ref": word.provider_ref} if word.provider_ref else {}
    rows = Refund.unscoped.filter(pk=refund.pk)
    if word.state == State.PENDING:
        if named:
            rows.filter(state=State.PENDING).update(**named)
    elif word.state == State.SUCCEEDED:
        if rows.filter(state=State.PENDING).update(state=State.SUCCEEDED, settled_at=timezone.now(), **named):
            crash.point("payments.fold.refund_succeeded")
            _tell_success(refund)
    elif rows.exclude(state=State.FAILED).update(
        state=State.FAILED, settled_at=timezone.now(), failure=word.failure[:300], **named
    ):
        Payment.unscoped.filter(pk=refund.payment_id).update(refunded=F("refunded") - refund.amount)
        crash.point("payments.fold.refund_failed")
        orders.record_refund_failure(
            order_id=refund.order_id,
            refund_ref=refund.ref,
            amount=refund.amount,
            currency=refund.currency,
            refunded_total=_gone_back(refund.order_id),
        )


def _add(payment: Payment, word: ToldRefund, *, origin: Refund.Origin) -> None:
    """A refund that the provider has and we have not. One that would not fit is a person's, until it fits."""
    failed = word.state == State.FAILED
    if not failed and not _takes(payment, word):
        orders.ask_for_attention(order_id=payment.order_id, reason=orders.REFUND_DOES_NOT_FIT)
        return
    refund: Refund = Refund.unscoped.create(
        order_id=payment.order_id,
        payment=payment,
        state=word.state,
        origin=origin,
        for_order=payment.applied,
        currency=payment.currency,
        idempotency_key=f"{origin}-{word.provider_ref}"[:80],
        provider_ref=word.provider_ref,
        failure=word.failure[:300],
        settled_at=None if word.state == State.PENDING else timezone.now(),
        **_as_extra(payment, word.money.amount, counted=not failed),
    )
    if word.state == State.SUCCEEDED:
        _tell_success(refund)
    if not failed and origin == Refund.Origin.OUTSIDE and payment.applied:
        orders.ask_for_attention(order_id=payment.order_id, reason=orders.REFUNDED_OUTSIDE)


def _takes(payment: Payment, word: ToldRefund) -> bool:
    """Count it in the payment if it fits into what was captured; else nothing has changed."""
    if word.money.currency != payment.currency or word.money.amount <= 0:
        return False
    with_room = Payment.unscoped.filter(pk=payment.pk, captured__gte=F("refunded") + word.money.amount)
    return bool(with_room.update(refunded=F("refunded") + word.money.amount))


def _as_extra(payment: Payment, amount: int, *, counted: bool) -> dict[str, Any]:
    """Nobody said which goods it was for, so it is spread over what is left of all parts of the order."""
    columns: dict[str, Any] = {"amount": amount, "extra_amount": amount}
    if counted and payment.applied:
        order = payment.order
        quote = refund_quote(order_parts(order), Selection(extra=amount), currency=order.currency)
        columns |= {"tax": quote.tax.amount, "explanation": quote.explanation}
    return columns


def _take_away(payment: Payment, word: ToldDispute) -> None:
    """What a lost dispute takes, at most what had not gone back already."""
    amount = min(word.money.amount, payment.captured - payment.refunded)
    if amount > 0:
        told = ToldRefund(word.provider_ref, "", Money(amount, word.money.currency), State.SUCCEEDED)
        _add(payment, told, origin=Refund.Origin.DISPUTE)


def _tell_success(refund: Refund) -> None:
    orders.record_refund(
        order_id=refund.order_id,
        refund_ref=refund.ref,
        amount=refund.amount,
        currency=refund.currency,
        refunded_total=_gone_back(refund.order_id),
    )


def _gone_back(order_id: int) -> int:
    """How much of the order's own money has arrived back at the buyer, in minor units."""
    done = Refund.unscoped.filter(order_id=order_id, for_order=True, state=State.SUCCEEDED)
    return int(done.aggregate(sum=Sum("amount"))["sum"] or 0)


def _note(dispute: Dispute, state: str, *, attention: str) -> None:
    orders.record_dispute(
        order_id=dispute.payment.order_id,
        dispute_ref=dispute.provider_ref,
        amount=dispute.amount,
        state=state,
        attention=attention,
    )
