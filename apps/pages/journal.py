"""Reading the journal of page changes: one tiny statement a request while nothing has changed."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.db import connection
from django.http import HttpRequest

from apps.core.databases.rows import first_row

_CLOCK = "SELECT number, (SELECT stamp FROM pages_shop WHERE id = 1) FROM pages_pageclock WHERE id = 1"
_CHANGES = "SELECT tags FROM pages_pagechange WHERE number > %s AND number <= %s"


class Clock(NamedTuple):
    """The number of the last committed change, 0 before the first, and the stamp of the shop's data."""

    number: int = 0
    shop: str | None = None


def now() -> int:
    """The number of the last committed change; 0 before the first."""
    return _read_clock().number


def _read_clock() -> Clock:
    row = first_row(_CLOCK)
    return Clock(int(row[0] or 0), row[1]) if row else Clock()


def changes(after: int, until: int) -> Iterable[str] | None:
    """The tags of the changes after one number, up to another; None if not all of them are written down any more."""
    global _last
    if until < after:  # another database than before
        return None
    if _last[:2] == (after, until):
        return _last[2]
    tags = _read_changes(after, until)
    _last = after, until, tags
    return tags


def forget() -> None:
    global _last
    _last = (0, 0, frozenset())


# What several parts of a process ask one after the other.
_last: tuple[int, int, frozenset[str] | None] = (0, 0, frozenset())


def _read_changes(after: int, until: int) -> frozenset[str] | None:
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, [after, until])
        rows = cursor.fetchall()
    if len(rows) != until - after:
        return None
    return frozenset(tag for (tags,) in rows for tag in tags.split())


def at(request: HttpRequest | None) -> int:
    """The number when this request first asked."""
    return clock(request).number


def clock(request: HttpRequest | None) -> Clock:
    """As of when this request first asked, which is one statement however many parts of a page ask."""
    if request is None:
        return _read_clock()
    found: Clock | None = getattr(request, "_stoa_page_clock", None)
    if found is None:
        found = request._stoa_page_clock = _read_clock()  # type: ignore[attr-defined]
    return found


class Remembered[Value]:
    """What a process has read, kept until the journal holds its tag.

    Not for use in a transaction that changes the value itself: rolled back, it would stay in the process.
    """

    def __init__(self, tag: str, read: Callable[[], Value]) -> None:
        self._tag, self._read = tag, read
        self._kept: tuple[int, Value] | None = None

    def value(self, number: int) -> Value:
        """As of this number of the journal, or later."""
        kept = self._kept
        if kept is None or (kept[0] != number and self._is_old(kept[0], number)):
            kept = number, self._read()
        self._kept = number, kept[1]
        return kept[1]

    def forget(self) -> None:
        self._kept = None

    def _is_old(self, after: int, until: int) -> bool:
        tags = changes(after, until)
        return tags is None or self._tag in tags
