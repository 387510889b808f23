"""Idempotency keys: the first result of a key is its result, for a day, for the very same request."""

import threading
from dataclasses import dataclass

from apps.payments.fake_stripe.clock import Clock
from apps.payments.fake_stripe.errors import invalid, key_in_use, key_reused

LONGEST = 255
KEPT_SECONDS = 24 * 60 * 60


@dataclass
class Answer:
    status: int
    body: bytes
    request_id: str


@dataclass
class _Entry:
    request: tuple[str, str]
    since: float
    answer: Answer | None = None


class Keys:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: dict[str, _Entry] = {}

    def claim(self, key: str, path: str, parameters: str) -> Answer | None:
        """The answer that this key already has; None: it is ours now, and `keep` or `forget` must follow.

        Raises ApiError if the key is in flight, or was used with another path or other parameters.
        """
        if len(key) > LONGEST:
            raise invalid(f"Idempotency key is too long: the maximum is {LONGEST} characters.")
        with self._lock:
            entry = self._entries.get(key)
            if entry and entry.answer and entry.since + KEPT_SECONDS <= self._clock.now():
                entry = None
            if entry is None:
                self._entries[key] = _Entry((path, parameters), self._clock.now())
                return None
            if entry.request != (path, parameters):
                raise key_reused(key)
            if entry.answer is None:
                raise key_in_use(key)
            return entry.answer

    def keep(self, key: str, answer: Answer) -> None:
        with self._lock:
            if key in self._entries:
                self._entries[key].answer = answer

    def forget(self, key: str) -> None:
        with self._lock:
            self._entries.pop(key, None)

    def in_flight(self) -> list[str]:
        with self._lock:
            return [key for key, entry in self._entries.items() if entry.answer is None]

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
