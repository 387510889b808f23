"""The objects of one account: plain dictionaries as the API shows them, kept in the order they were made."""

import copy
import secrets
import string
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from apps.payments.fake_stripe.clock import Clock
from apps.payments.fake_stripe.errors import no_such

Row = dict[str, Any]

ALPHABET = string.ascii_letters + string.digits
API_VERSION = "2026-10-28.endive"
PREFIXES = {
    "checkout.session": ("cs_test_", 58),
    "payment_intent": ("pi_", 24),
    "charge": ("ch_", 24),
    "refund": ("re_", 24),
    "dispute": ("dp_", 24),
    "event": ("evt_", 24),
}
NOUNS = {"checkout.session": "checkout.session", "payment_intent": "payment_intent"}


class Account:
    """All state. Whoever reads or writes holds `lock`; `announce` is told of every event."""

    def __init__(self, clock: Clock, url: Callable[[], str]) -> None:
        self.clock = clock
        self.url = url
        self.lock = threading.RLock()
        self.rows: dict[str, Row] = {}
        self._by_kind: dict[str, list[Row]] = {kind: [] for kind in PREFIXES}
        # No open session ends before this time.
        self.next_expiry = 0.0
        self.announce: Callable[[Row], None] = lambda event: None
        # Which request is being answered, for the events it causes.
        self.request = threading.local()

    def add(self, kind: str, fields: Row) -> Row:
        prefix, length = PREFIXES[kind]
        row = {
            "id": prefix + "".join(secrets.choice(ALPHABET) for _ in range(length)),
            "object": kind,
            "created": self.clock.seconds(),
            "livemode": False,
            **fields,
        }
        self.rows[row["id"]] = row
        self._by_kind[kind].append(row)
        return row

    def get(self, kind: str, object_id: str, *, param: str = "id", status: int = 404) -> Row:
        """The stored object itself. Raises ApiError (`resource_missing`) if there is none of this kind."""
        row = self.rows.get(object_id)
        if row is None or row["object"] != kind:
            raise no_such(NOUNS.get(kind, kind), object_id, param=param, status=status)
        return row

    def find(self, kind: str, object_id: str | None) -> Row | None:
        row = self.rows.get(object_id or "")
        return row if row and row["object"] == kind else None

    def each(self, kind: str, **fields: Any) -> Iterator[Row]:
        """Oldest first."""
        for row in list(self._by_kind[kind]):
            if all(row.get(name) == value for name, value in fields.items()):
                yield row

    def emit(self, kind: str, row: Row) -> Row:
        """Write an event that shows the object at this moment."""
        event = self.add(
            "event",
            {
                "api_version": API_VERSION,
                "data": {"object": public(row)},
                "pending_webhooks": 0,
                "request": {
                    "id": getattr(self.request, "id", None),
                    "idempotency_key": getattr(self.request, "key", None),
                },
                "type": kind,
            },
        )
        self.announce(event)
        return event

    @contextmanager
    def on_behalf_of(self, request_id: str, key: str | None) -> Iterator[None]:
        """Events written inside name this request as their cause."""
        self.request.id, self.request.key = request_id, key
        try:
            yield
        finally:
            self.request.id = self.request.key = None

    def clear(self) -> None:
        self.rows.clear()
        for rows in self._by_kind.values():
            rows.clear()
        self.next_expiry = 0.0


def public(row: Row) -> Row:
    """A copy without the fields that are only ours."""
    return {name: copy.deepcopy(value) for name, value in row.items() if not name.startswith("_")}
