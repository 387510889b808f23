"""Counting what a visitor may try again and again, for all processes, whatever the cache is."""

import time
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from apps.core.errors import TooManyAttempts
from apps.users.models import AttemptCount

_COUNT = """
INSERT INTO users_attemptcount (key, attempts, ends_at) VALUES {rows}
ON CONFLICT (key) DO UPDATE SET attempts = users_attemptcount.attempts + 1
RETURNING key, attempts
"""


class Limit(NamedTuple):
    """At most `most` attempts of `subject` in each window of `seconds`; a new window starts from nothing."""

    name: str
    subject: str
    most: int
    seconds: int

    def window(self, now: int) -> tuple[str, int]:
        """The key of the window that `now` is in, which gives no address away, and when it ends."""
        number = now // self.seconds
        return sha256(f"{self.name}:{self.subject}:{number}".encode()).hexdigest(), (number + 1) * self.seconds


def count_attempts(*limits: Limit) -> None:
    """Count one attempt of each, in one statement. Raises TooManyAttempts if any is exceeded; all have counted then.

    Not for use in a transaction: everybody behind the same address would wait for its end.
    """
    now = int(time.time())
    # In one order, so that two requests never wait for each other.
    windows = sorted((*limit.window(now), limit.most) for limit in limits)
    values: list[Any] = []
    for key, ends, _most in windows:
        values += [key, 1, connection.ops.adapt_datetimefield_value(datetime.fromtimestamp(ends, UTC))]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(rows=", ".join(["(%s, %s, %s)"] * len(windows))), values)
        attempts = dict(cursor.fetchall())
    waits = [ends - now for key, ends, most in windows if attempts[key] > most]
    if waits:
        raise TooManyAttempts(retry_after=max(waits))


def forget_old_counts() -> int:
    """Delete the counts whose window is over; returns how many."""
    return AttemptCount.objects.filter(ends_at__lt=timezone.now()).delete()[0]
