"""Telling every process, on every machine, which kept pages are out of date."""

from django.db import connection, transaction

# A process that has slept through more changes drops all its pages instead of reading them.
KEPT_CHANGES = 1000

_COUNT_UP = """
    INSERT INTO pages_pageclock (id, number) VALUES (1, 1)
    ON CONFLICT (id) DO UPDATE SET number = pages_pageclock.number + 1
    RETURNING number
"""
_WRITE_DOWN = "INSERT INTO pages_pagechange (number, tags) VALUES (%s, %s)"
_FORGET = "DELETE FROM pages_pagechange WHERE number <= %s"


def pages_changed(*tags: str) -> None:
    """Write down that what these tags stand for has changed; no page with one of them is shown again as it was.

    Call it last in the transaction that makes the change: it locks a single row until the commit, after stock in the
    order of locks. Rolled back with its transaction, it has never been. The tags are listed in docs/performance.md.
    """
    if not tags:
        return
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(_COUNT_UP)
        number = cursor.fetchone()[0]
        cursor.execute(_WRITE_DOWN, [number, " ".join(sorted(set(tags)))])
        if number % KEPT_CHANGES == 0:
            cursor.execute(_FORGET, [number - KEPT_CHANGES])
