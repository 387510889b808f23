"""Long work in small transactions lets others write in between."""

import time

from django.db import connection

# SQLite has one writer at a time and no queue for it: who waits looks again every tenth of a second, and meets a moment
# between two transactions that follow each other at once almost never. Then a customer waits for the whole import.
LONGEST = 0.15
PAUSE = 0.12


class Turns:
    """For a loop of transactions: `between()` after each of them pauses when others have had to wait long enough."""

    def __init__(self) -> None:
        self._since = time.monotonic()

    def between(self) -> None:
        """Other databases lock rows and have queues for them; there it does nothing."""
        if connection.vendor == "sqlite" and time.monotonic() - self._since > LONGEST:
            time.sleep(PAUSE)
            self._since = time.monotonic()
