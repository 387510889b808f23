"""What Stripe's objects mean: a session, its PaymentIntent, refunds and disputes, as one settlement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from apps.core.money import Money
from apps.payments.gateways import Settlement, ToldDispute, ToldRefund
from apps.payments.models import Dispute, Payment, Refund
from apps.payments.stripe.amounts import NotPayable, from_stripe
from apps.payments.stripe.client import live_mode, redacted
from apps.payments.stripe.sessions import moment

Raw = dict[str, Any]
State = Payment.State

_INTENT_STATES = {
    "succeeded": State.SUCCEEDED,
    "requires_capture": State.AUTHORISED,
    "processing": State.PENDING,
}
_REFUND_STATES = {
    "succeeded": Refund.State.SUCCEEDED,
    "failed": Refund.State.FAILED,
    "canceled": Refund.State.FAILED,
}
_DISPUTE_STATES = {"won": Dispute.State.WON, "prevented": Dispute.State.WON, "lost": Dispute.State.LOST}


def settlement_of(
    session: Raw | None, intent: Raw | None, refunds: Iterable[Raw] = (), disputes: Iterable[Raw] = ()
) -> Settlement:
    """One of session and intent must be there. An object of the other mode, or a sum we can't count, is a doubt."""
    first = session or intent or {}
    metadata = {**((intent or {}).get("metadata") or {}), **(first.get("metadata") or {})}
    doubt = "" if bool(first.get("livemode")) == live_mode() else "an object of the other mode (test or live)"
    try:
        money = _money(session, intent)
    except NotPayable as error:
        money, doubt = Money(0, "XXX"), str(error)
    return Settlement(
        state=_state(session, intent),
        money=money,
        order_number=metadata.get("order_number", ""),
        payment_ref=metadata.get("payment_ref", ""),
        session_ref=session["id"] if session else "",
        intent_ref=intent["id"] if intent else "",
        until=_authorised_until(intent),
        refunds=tuple(refund_of(raw) for raw in refunds),
        disputes=tuple(told for raw in disputes if (told := dispute_of(raw)) is not None),
        doubt=doubt,
    )


def _state(session: Raw | None, intent: Raw | None) -> Payment.State | None:
    """The money decides; where none has moved, the session. A declined card leaves the session open for another."""
    known = _INTENT_STATES.get(intent["status"]) if intent else None
    if known is not None:
        return known
    status = session["status"] if session else ""
    if status == "expired" or (status != "open" and intent and intent["status"] == "canceled"):
        return State.CLOSED
    if status == "complete" and intent:
        return State.FAILED  # a delayed method that did not come through
    return None


def _money(session: Raw | None, intent: Raw | None) -> Money:
    if intent is None:
        return from_stripe((session or {}).get("amount_total") or 0, (session or {}).get("currency") or "xxx")
    amount = intent["amount_received"] or intent["amount_capturable"] or intent["amount"]
    return from_stripe(amount, intent["currency"])


def charge_of(intent: Raw | None) -> Raw:
    charge = (intent or {}).get("latest_charge")
    return charge if isinstance(charge, dict) else {}


def _authorised_until(intent: Raw | None) -> datetime | None:
    card = (charge_of(intent).get("payment_method_details") or {}).get("card") or {}
    before = card.get("capture_before")
    return moment(before) if before else None


def refund_of(raw: Raw) -> ToldRefund:
    return ToldRefund(
        provider_ref=raw["id"],
        our_ref=(raw.get("metadata") or {}).get("refund_ref", ""),
        money=from_stripe(raw["amount"], raw["currency"]),
        state=_REFUND_STATES.get(raw["status"], Refund.State.PENDING),
        failure=redacted(raw.get("failure_reason") or ""),
    )


def dispute_of(raw: Raw) -> ToldDispute | None:
    """None for an inquiry ("warning_…"), which is only a question: no money has moved."""
    if raw["status"].startswith("warning"):
        return None
    return ToldDispute(
        provider_ref=raw["id"],
        money=from_stripe(raw["amount"], raw["currency"]),
        state=_DISPUTE_STATES.get(raw["status"], Dispute.State.OPEN),
        reason=raw.get("reason") or "",
    )


def hint_of(event: Raw) -> dict[str, Any]:
    """The ids in an event, which is all that we keep of it: enough to ask Stripe what is true.

    Raises ValueError for something that is no event.
    """
    try:
        raw = event["data"]["object"]
        kind, object_id = raw["object"], raw["id"]
        hint = {"livemode": event["livemode"] is True, "object": kind, "id": object_id}
    except (KeyError, TypeError) as error:
        raise ValueError("This is no event.") from error
    if kind == "checkout.session":
        hint |= {"session": object_id, "intent": id_of(raw.get("payment_intent"))}
    elif kind == "payment_intent":
        hint |= {"intent": object_id}
    elif kind in {"charge", "refund", "dispute"}:
        hint |= {"intent": id_of(raw.get("payment_intent"))}
    metadata = raw.get("metadata")
    if isinstance(metadata, dict) and kind in {"checkout.session", "payment_intent"}:
        hint["payment"] = metadata.get("payment_ref") or ""
    if not all(isinstance(value, str | bool) and len(str(value)) <= 255 for value in hint.values()):
        raise ValueError("This is no event.")
    return hint


def id_of(value: Any) -> Any:
    """A reference is an id, or the object itself where it was expanded."""
    return (value.get("id") if isinstance(value, dict) else value) or ""
