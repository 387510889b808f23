"""What a test, or a person with curl under `/_fake/`, may do to the fake beyond what the API allows."""

from collections.abc import Sequence
from typing import Any

from apps.payments.fake_stripe import cards, intents, refunds, sessions
from apps.payments.fake_stripe.account import Account, Row, public
from apps.payments.fake_stripe.api import Api
from apps.payments.fake_stripe.delivery import Courier, Delivery, in_order
from apps.payments.fake_stripe.faults import Fault, Faults

ACTIONS = frozenset(
    {
        "reset",
        "advance",
        "fault",
        "clear_faults",
        "pay",
        "authenticate",
        "settle",
        "expire",
        "refund",
        "fail_refund",
        "dispute",
        "decide",
        "alter",
        "hold",
        "release",
        "deliver",
        "deliver_due",
        "rotate",
        "audit",
        "in_flight",
        "charged",
        "double_charges",
        "events",
        "deliveries",
        "objects",
    }
)


class Control:
    """Every method takes and gives plain values, so that it can be called over HTTP as well."""

    def __init__(self, account: Account, api: Api, courier: Courier, faults: Faults) -> None:
        self._account = account
        self._api = api
        self._courier = courier
        self._faults = faults

    # Time and faults

    def reset(self) -> None:
        """Forget everything: objects, keys, events, faults, the added time."""
        with self._account.lock:
            self._account.clear()
            self._courier.clear()
            self._account.clock.ahead = 0.0
        self._courier.held = False
        self._api.keys.clear()
        self._faults.clear()

    def advance(self, seconds: float) -> None:
        """Let time pass: sessions expire, retries become due."""
        with self._account.lock:
            self._account.clock.advance(seconds)
            sessions.expire_due(self._account)
        self._courier.wake()

    def fault(
        self,
        kind: str,
        *,
        on: str = "*",
        count: int | None = 1,
        seconds: float = 1.0,
        status: int = 500,
        copies: int = 1,
    ) -> None:
        """Let the next `count` matching calls or events go wrong. See `faults.Fault`."""
        self._faults.add(Fault(kind, on, count, seconds, status, copies))

    def clear_faults(self) -> None:
        """No more faults, and what hangs goes on at once."""
        self._faults.clear()

    def in_flight(self) -> list[str]:
        """The idempotency keys of requests that are being answered now."""
        return self._api.keys.in_flight()

    # What payers, their banks and the dashboard do

    def pay(self, session: str, *, card: str = cards.SUCCESS) -> Row:
        """Pay an open session as on its page; a card that asks first leaves it open. The PaymentIntent."""
        behaviour = cards.behaviour(card)
        if behaviour is None:
            raise ValueError(f"No such card: {card}. There are {', '.join(cards.CARDS)}.")
        with self._account.lock:
            sessions.expire_due(self._account)
            return public(sessions.pay(self._account, self._session(session), behaviour))

    def authenticate(self, target: str, *, success: bool = True) -> Row:
        """Answer the bank's question for a session or a bare PaymentIntent. Not calling it is abandoning."""
        with self._account.lock:
            sessions.expire_due(self._account)
            session = self._account.find("checkout.session", target)
            if session:
                return public(sessions.authenticate(self._account, session, success=success))
            intent = self._account.get("payment_intent", target)
            intents.authenticate(self._account, intent, success=success)
            return public(intent)

    def settle(self, target: str, *, success: bool = True) -> Row:
        """End a delayed method, named by its session or its PaymentIntent."""
        with self._account.lock:
            target = self._account.rows.get(target, {}).get("_session", target)
            session = self._account.find("checkout.session", target)
            if session:
                return public(sessions.settle(self._account, session, success=success))
            intent = self._account.get("payment_intent", target)
            intents.settle(self._account, intent, success=success)
            return public(intent)

    def expire(self, session: str) -> Row:
        """The provider's clock ends one open session, without moving time for anything else."""
        with self._account.lock:
            return public(sessions.expire(self._account, session, {}))

    def refund(self, target: str, *, amount: int | None = None, reason: str | None = None) -> Row:
        """A refund made by hand in the dashboard, of a charge or a PaymentIntent (amount in minor units)."""
        params: Row = {"charge" if target.startswith("ch_") else "payment_intent": target}
        if amount is not None:
            params["amount"] = amount
        if reason:
            params["reason"] = reason
        with self._account.lock:
            return public(refunds.create(self._account, params))

    def fail_refund(self, refund: str, *, reason: str = "expired_or_canceled_card") -> Row:
        """The refund comes back later."""
        with self._account.lock:
            return public(refunds.fail(self._account, self._account.get("refund", refund), reason=reason))

    def dispute(self, target: str, *, amount: int | None = None, reason: str = "fraudulent") -> Row:
        """The payer's bank takes money back, of a charge or a PaymentIntent (amount in minor units)."""
        with self._account.lock:
            if not target.startswith("ch_"):
                target = self._account.get("payment_intent", target)["latest_charge"] or ""
            charge = self._account.get("charge", target)
            return public(refunds.dispute(self._account, charge, amount=amount, reason=reason))

    def decide(self, dispute: str, *, won: bool) -> Row:
        """The bank decides a dispute."""
        with self._account.lock:
            return public(refunds.decide(self._account, self._account.get("dispute", dispute), won=won))

    def alter(self, target: str, **fields: Any) -> Row:
        """Make any object say something else (another amount, currency, owner, livemode); no event follows."""
        with self._account.lock:
            row = self._account.rows[target]
            row.update(fields)
            return public(row)

    # Webhooks

    def hold(self) -> None:
        """Deliver nothing until `release` or `deliver`."""
        self._courier.held = True

    def release(self) -> None:
        self._courier.held = False
        self._courier.wake()

    def deliver(self, order: Sequence[str] | str = "created") -> list[Row]:
        """Attempt everything that waits, due or not, once, in this order (see `delivery.in_order`), in this thread."""
        return self._attempt(in_order(self._courier.pending(), order))

    def deliver_due(self) -> list[Row]:
        """Attempt only what is due by the fake's clock."""
        return self._attempt(self._courier.due())

    def _attempt(self, deliveries: list[Delivery]) -> list[Row]:
        results = [(each, self._courier.attempt(each)) for each in deliveries]
        return [
            {"event": each.event["id"], "type": each.event["type"], "status": status}
            for each, status in results
            if status is not None
        ]

    def idle(self, timeout: float = 5.0) -> bool:
        """Wait until nothing is due or under way. False after the time-out (seconds)."""
        return self._courier.idle(timeout)

    def rotate(self, *webhook_secrets: str) -> None:
        """Sign with these secrets from now on: two of them give two `v1` values."""
        self._courier.secrets[:] = webhook_secrets

    def signed(self, event: str) -> tuple[bytes, dict[str, str]]:
        """The body and the headers of a delivery of this event, to deliver by oneself as often as one likes."""
        with self._account.lock:
            body = Delivery(self._account.get("event", event), 0.0).body
        return body, self._courier.headers(body)

    # What happened

    def audit(self) -> list[Row]:
        """Every charge that took or promised money, with what went back."""
        names = ("id", "payment_intent", "amount", "amount_captured", "amount_refunded", "currency", "status")
        with self._account.lock:
            charges = [row for row in self._account.each("charge") if row["status"] != "failed"]
            return [{name: row[name] for name in (*names, "disputed", "metadata")} for row in charges]

    def charged(self, value: str, *, by: str = "order") -> Row:
        """What one order (by its metadata) has cost its customer: succeeded charges, captured, refunded."""
        rows = [row for row in self.audit() if row["metadata"].get(by) == value and row["status"] == "succeeded"]
        return {
            "charges": len(rows),
            "captured": sum(row["amount_captured"] for row in rows),
            "refunded": sum(row["amount_refunded"] for row in rows),
        }

    def double_charges(self, *, by: str = "order") -> list[str]:
        """The orders (by their metadata) that hold money from more than one charge."""
        seen: dict[str, int] = {}
        for row in self.audit():
            if row["status"] == "succeeded" and row["amount_captured"] > row["amount_refunded"]:
                value = row["metadata"].get(by, "")
                seen[value] = seen.get(value, 0) + 1
        return sorted(value for value, charges in seen.items() if charges > 1)

    def events(self, *types: str) -> list[Row]:
        """Events in the order they were made, of these types or of all."""
        with self._account.lock:
            return [public(row) for row in self._account.each("event") if not types or row["type"] in types]

    def deliveries(self) -> list[Row]:
        with self._account.lock:
            return [
                {
                    "event": each.event["id"],
                    "type": each.event["type"],
                    "state": each.state,
                    "attempts": each.attempts[:],
                }
                for deliveries in self._courier.by_event.values()
                for each in deliveries
            ]

    def objects(self, kind: str) -> list[Row]:
        """All of a kind (`checkout.session`, `payment_intent`, `charge`, `refund`, `dispute`), oldest first."""
        with self._account.lock:
            return [public(row) for row in self._account.each(kind)]

    def _session(self, session_id: str) -> Row:
        return self._account.get("checkout.session", session_id, param="session")
