"""Webhooks: every event is delivered until it is answered with 2xx, or given up after three days."""

import http.client
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from apps.payments.fake_stripe import signatures
from apps.payments.fake_stripe.account import Account, Row
from apps.payments.fake_stripe.faults import OF_EVENTS, Fault, Faults

Deliver = Callable[[bytes, dict[str, str]], int]

# Seconds of the fake's clock after each failed attempt; the real one waits longer at first, and as long in all.
RETRY_AFTER = (1, 5, 30, 300, 3600, 4 * 3600, *(12 * 3600,) * 5)
PATIENCE = 10
UNREACHABLE = 0


@dataclass
class Delivery:
    event: Row
    due: float
    attempts: list[int] = field(default_factory=list)
    spoil: str = ""
    state: str = "pending"  # pending, delivered or failed
    body: bytes = b""

    def __post_init__(self) -> None:
        self.body = json.dumps(self.event, indent=2).encode()


def post_to(url: str) -> Deliver:
    """A transport that posts to a URL. A redirect is no success."""
    parts = urlsplit(url)

    def deliver(body: bytes, headers: dict[str, str]) -> int:
        connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port or 80, timeout=PATIENCE)
        try:
            connection.request("POST", parts.path or "/", body, headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return UNREACHABLE
        finally:
            connection.close()

    return deliver


class Courier:
    """Keeps one delivery per event (or several, by a fault) and attempts those that are due."""

    def __init__(self, account: Account, faults: Faults, secrets: list[str], deliver: Deliver | None) -> None:
        self.account = account
        self.faults = faults
        self.secrets = secrets
        self.deliver = deliver
        self.held = False
        # All of an event, and those that are still to be made, in their order.
        self.by_event: dict[str, list[Delivery]] = {}
        self._waiting: dict[int, Delivery] = {}
        self._overtaken: list[Delivery] = []
        self._changed = threading.Condition(account.lock)
        self._under_way: set[int] = set()
        self._closing = False

    def announce(self, event: Row) -> None:
        """Called with the account's lock held, for each new event."""
        if self.deliver is None:
            return
        strikes = {fault.kind: fault for fault in self.faults.take(event["type"], OF_EVENTS)}
        event["pending_webhooks"] = 1
        now = self.account.clock.now()
        for _ in range(1 + (strikes["duplicate"].copies if "duplicate" in strikes else 0)):
            delivery = self._delivery(event, now, strikes)
            self._add(delivery)
            if "reorder" in strikes:
                self._overtaken.append(delivery)
        if "reorder" not in strikes:
            for late in self._overtaken:
                if self._waiting.pop(id(late), None):
                    late.due = now
                    self._waiting[id(late)] = late
            self._overtaken.clear()
        self._changed.notify_all()

    def _add(self, delivery: Delivery) -> None:
        self.by_event.setdefault(delivery.event["id"], []).append(delivery)
        if delivery.state == "pending":
            self._waiting[id(delivery)] = delivery

    def _delivery(self, event: Row, now: float, strikes: dict[str, Fault]) -> Delivery:
        later = sum(strikes[kind].seconds for kind in ("delay", "reorder") if kind in strikes)
        delivery = Delivery(event, now + later)
        spoils = [kind for kind in ("lose_attempt", "wrong_signature", "old_signature") if kind in strikes]
        delivery.spoil = spoils[0] if spoils else ""
        if "drop" in strikes:
            delivery.state = "failed"
        return delivery

    def due(self) -> list[Delivery]:
        with self.account.lock:
            now = self.account.clock.now()
            ready = [each for each in self.pending() if each.due <= now]
            return sorted(ready, key=lambda each: each.due)

    def pending(self) -> list[Delivery]:
        with self.account.lock:
            return [each for place, each in self._waiting.items() if place not in self._under_way]

    def attempt(self, delivery: Delivery) -> int | None:
        """One try, outside the lock. The answer's status; None if another thread is at it."""
        with self.account.lock:
            if id(delivery) in self._under_way or id(delivery) not in self._waiting or self.deliver is None:
                return None
            self._under_way.add(id(delivery))
            deliver, spoil, delivery.spoil = self.deliver, delivery.spoil, ""
        status = UNREACHABLE
        try:
            if spoil != "lose_attempt":
                status = deliver(delivery.body, self.headers(delivery.body, spoil))
        finally:
            with self.account.lock:
                self._under_way.discard(id(delivery))
                self._note(delivery, status)
                self._changed.notify_all()
        return status

    def headers(self, body: bytes, spoil: str = "") -> dict[str, str]:
        signed = signatures.spoiled(body, self.secrets, spoil) if spoil else signatures.sign(body, self.secrets)
        return {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0",
            signatures.HEADER: signed,
        }

    def _note(self, delivery: Delivery, status: int) -> None:
        delivery.attempts.append(status)
        if 200 <= status < 300:
            delivery.state = "delivered"
        elif len(delivery.attempts) > len(RETRY_AFTER):
            delivery.state = "failed"
        else:
            delivery.due = self.account.clock.now() + RETRY_AFTER[len(delivery.attempts) - 1]
        if delivery.state != "pending":
            self._waiting.pop(id(delivery), None)
        states = [each.state for each in self.by_event.get(delivery.event["id"], [])]
        delivery.event["pending_webhooks"] = 1 if "pending" in states else 0

    def succeeded(self, event: Row) -> bool:
        """What `delivery_success` asks. An event that nobody was to get counts as delivered."""
        return all(each.state == "delivered" for each in self.by_event.get(event["id"], []))

    def run(self) -> None:
        """The courier's own thread: attempts what is due, until closed."""
        while not self._closing:
            # One at a time: what is due may be another's, or due later, after each attempt.
            ready = [] if self.held else self.due()
            if ready:
                self.attempt(ready[0])
                continue
            with self.account.lock:
                self._changed.wait_for(lambda: self._closing or (not self.held and self.due()), self._until_next())

    def _until_next(self) -> float | None:
        waits = [each.due - self.account.clock.now() for each in self.pending()]
        return max(0.001, min(waits)) if waits and not self.held else None

    def idle(self, timeout: float) -> bool:
        """Wait until nothing is due or under way. False after the time-out (seconds)."""
        with self.account.lock:
            return self._changed.wait_for(lambda: not self._under_way and not self.due(), timeout)

    def wake(self) -> None:
        with self.account.lock:
            self._changed.notify_all()

    def close(self) -> None:
        self._closing = True
        self.wake()

    def clear(self) -> None:
        self.by_event.clear()
        self._waiting.clear()
        self._overtaken.clear()


def in_order(deliveries: Sequence[Delivery], order: Sequence[str] | str) -> list[Delivery]:
    """By time (`created`), backwards (`reversed`), or as a list of event ids or types says; the rest follows."""
    if order == "created":
        return list(deliveries)
    if order == "reversed":
        return list(deliveries)[::-1]
    wanted = list(order)

    def place(delivery: Delivery) -> int:
        for name in (delivery.event["id"], delivery.event["type"]):
            if name in wanted:
                return wanted.index(name)
        return len(wanted)

    return sorted(deliveries, key=place)
