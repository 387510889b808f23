"""Reading the journal of page changes: one tiny statement a request while nothing has changed."""

from collections.abc import Iterable

from django.db import connection

_CLOCK = "SELECT number FROM pages_pageclock WHERE id = 1"
_CHANGES = "SELECT tags FROM pages_pagechange WHERE number > %s AND number <= %s"


def now() -> int:
    """The number of the last committed change; 0 before the first."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOCK)
        row = cursor.fetchone()
    return row[0] if row else 0


def changes(after: int, until: int) -> Iterable[str] | None:
    """The tags of the changes after one number, up to another; None if not all of them are written down any more."""
    if until < after:  # another database than before
        return None
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, [after, until])
        rows = cursor.fetchall()
    if len(rows) != until - after:
        return None
    return {tag for (tags,) in rows for tag in tags.split()}
