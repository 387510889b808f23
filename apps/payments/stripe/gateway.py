"""Stripe as a provider that can be asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any, cast

from django.utils import timezone

from apps.payments import states
from apps.payments.gateways import GatewayRefused, MissedEvent, Settlement, ToldRefund
from apps.payments.models import Dispute, Payment, Refund, WebhookEvent
from apps.payments.stripe import CODE, reading, sessions
from apps.payments.stripe.amounts import NotPayable, to_stripe
from apps.payments.stripe.client import asking, client, live_mode
from apps.payments.stripe.reading import Raw, hint_of, settlement_of

EVENTS = (
    "checkout.session.completed",
    "checkout.session.expired",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "payment_intent.succeeded",
    "payment_intent.processing",
    "payment_intent.canceled",
    "payment_intent.amount_capturable_updated",
    "charge.refunded",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_reinstated",
)
_REASONS = {Refund.Reason.PAID_TWICE: "duplicate", Refund.Reason.FRAUD: "fraudulent"}

# Stripe keeps undelivered events for 30 days; objects are compared for as long as it repeats a webhook.
EVENTS_KEPT, COMPARED, MOST = timedelta(days=30), timedelta(days=3), 5000


class StripeGateway:
    code = CODE

    def doubts(self, payload: Mapping[str, Any]) -> str:
        """Why an event is not ours to act on. A test event must not move real orders, nor the other way round."""
        if bool(payload.get("livemode")) != live_mode():
            return "an event of the other mode (test or live)"
        return "" if payload.get("session") or payload.get("intent") else "not about a payment"

    def settlement(self, payment: Payment, *, patient: bool = True) -> Settlement | None:
        session_ref = payment.session_ref or self._unnoted(payment)
        if session_ref:
            return _of_session(sessions.retrieve(session_ref, patient=patient))
        return _of_intent(None, payment.intent_ref) if payment.intent_ref else None

    def _unnoted(self, payment: Payment) -> str:
        """The session that Stripe made when the answer did not reach us: the same key gives it again."""
        if payment.asked_at is None or payment.intent_ref:
            return ""
        try:
            return str(sessions.create(payment.request, key=payment.idempotency_key)["id"])
        except GatewayRefused:
            return ""  # refused now means never made: what was made is given again

    def stranger(self, payload: Mapping[str, Any]) -> Settlement | None:
        session_ref, intent_ref = payload.get("session"), payload.get("intent")
        try:
            if not session_ref and intent_ref:
                found = sessions.of_intent(intent_ref)
                session_ref = found["id"] if found else ""
            if session_ref:
                return _of_session(sessions.retrieve(session_ref))
            return _of_intent(None, intent_ref) if intent_ref else None
        except GatewayRefused:
            return None

    def capture(self, payment: Payment) -> None:
        key = f"{payment.idempotency_key}-capture-{payment.capture_asked_at:%Y%m%d%H%M%S%f}"
        with asking("capture"):
            client().v1.payment_intents.capture(payment.intent_ref, options={"idempotency_key": key})

    def refund(self, refund: Refund) -> ToldRefund:
        try:
            amount = to_stripe(refund.money)
        except NotPayable as error:
            raise GatewayRefused(str(error)) from error
        params = {
            "payment_intent": refund.payment.intent_ref,
            "amount": amount,
            "reason": _REASONS.get(Refund.Reason(refund.reason), "requested_by_customer"),
            "metadata": {"refund_ref": refund.ref, "order_number": refund.order.number},
        }
        with asking("refund"):
            told = client().v1.refunds.create(
                params=cast(Any, params), options={"idempotency_key": refund.idempotency_key}
            )
            return reading.refund_of(told.to_dict())

    def missed_events(self) -> list[MissedEvent]:
        """Undelivered events, and what the last days' sessions, refunds and disputes say that our rows do not."""
        with asking("list what was missed"):
            return [*_undelivered(), *_unknown_sessions(), *_unknown_refunds(), *_unknown_disputes()]


def _of_session(session: Raw) -> Settlement:
    intent = session.get("payment_intent")
    if isinstance(intent, str):
        return _of_intent(session, intent)
    return _with_returns(session, intent)


def _of_intent(session: Raw | None, intent_ref: str) -> Settlement:
    with asking("show a payment"):
        found = client().v1.payment_intents.retrieve(intent_ref, params={"expand": ["latest_charge"]})
        return _with_returns(session, found.to_dict())


def _with_returns(session: Raw | None, intent: Raw | None) -> Settlement:
    """Refunds and disputes are asked for where there was money to go back."""
    if intent is None or intent["status"] != "succeeded":
        return settlement_of(session, intent)
    by = {"payment_intent": intent["id"], "limit": 100}
    with asking("list refunds"):
        refunds = [row.to_dict() for row in client().v1.refunds.list(params=cast(Any, by)).data]
    disputes: list[Raw] = []
    if reading.charge_of(intent).get("disputed"):
        with asking("list disputes"):
            disputes = [row.to_dict() for row in client().v1.disputes.list(params=cast(Any, by)).data]
    return settlement_of(session, intent, refunds, disputes)


def _since(age: timedelta) -> dict[str, Any]:
    return {"created": {"gte": int((timezone.now() - age).timestamp())}, "limit": 100}


def _undelivered() -> Iterator[MissedEvent]:
    params = {**_since(EVENTS_KEPT), "delivery_success": False, "types": list(EVENTS)}
    listed = client().v1.events.list(params=cast(Any, params)).auto_paging_iter()
    events = [event.to_dict() for event in islice(listed, MOST)]
    ids = [event["id"] for event in events]
    kept = set(WebhookEvent.objects.filter(provider=CODE, event_id__in=ids).values_list("event_id", flat=True))
    for event in reversed(events):
        if event["id"] not in kept:
            yield MissedEvent(event["id"], event["type"], hint_of(event))


def _unknown_sessions() -> Iterator[MissedEvent]:
    """Paid sessions that no row knows, or whose row was given up; open rows are asked one by one."""
    params = {**_since(COMPARED), "status": "complete"}
    listed = client().v1.checkout.sessions.list(params=cast(Any, params)).auto_paging_iter()
    rows = [session.to_dict() for session in islice(listed, MOST)]
    settled = Payment.unscoped.filter(method=CODE, session_ref__in=[row["id"] for row in rows])
    known = set(settled.filter(state__in=[*states.OPEN, Payment.State.SUCCEEDED]).values_list("session_ref", flat=True))
    for row in rows:
        if row["id"] not in known and row["payment_status"] == "paid":
            yield _found(row, {"session": row["id"], "intent": reading.id_of(row.get("payment_intent"))}, "paid")


def _unknown_refunds() -> Iterator[MissedEvent]:
    listed = client().v1.refunds.list(params=cast(Any, _since(COMPARED))).auto_paging_iter()
    rows = [row.to_dict() for row in islice(listed, MOST)]
    states_of = dict(
        Refund.unscoped.filter(provider_ref__in=[row["id"] for row in rows]).values_list("provider_ref", "state")
    )
    for row in rows:
        if states_of.get(row["id"]) != reading.refund_of(row).state:
            yield _found(row, {"intent": reading.id_of(row.get("payment_intent"))}, row["status"])


def _unknown_disputes() -> Iterator[MissedEvent]:
    listed = client().v1.disputes.list(params=cast(Any, _since(EVENTS_KEPT))).auto_paging_iter()
    rows = [row.to_dict() for row in islice(listed, MOST)]
    states_of = dict(
        Dispute.unscoped.filter(provider_ref__in=[row["id"] for row in rows]).values_list("provider_ref", "state")
    )
    for row in rows:
        told = reading.dispute_of(row)
        if told is not None and states_of.get(row["id"]) != told.state:
            yield _found(row, {"intent": reading.id_of(row.get("payment_intent"))}, row["status"])


def _found(row: Raw, ids: dict[str, str], status: str) -> MissedEvent:
    """An event of our own making, once per object and state; it goes the way of all events."""
    payload = {"livemode": bool(row.get("livemode")), "object": row["object"], "id": row["id"], **ids}
    return MissedEvent(f"found:{row['id']}:{status}", f"found.{row['object']}", payload)
