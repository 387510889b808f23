"""Stock takes. Numbers are only noted while people count; closing writes the differences through the ledger.

Locks: the stock take, its lines, and the stock last.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.catalog.errors import StockMoved, StockPromised
from apps.catalog.models import Category, StockMovement
from apps.catalog.services.counting import recount
from apps.inventory.errors import CountEnded, NothingCounted
from apps.inventory.models import CountLine, StockCount
from apps.inventory.selectors import counted_variants, last_movement, seen_mark

State, LineState = StockCount.State, CountLine.State


@dataclass(frozen=True, slots=True)
class Entry:
    """A number typed on a sheet: None takes the number back. `seen` is the mark that the sheet showed."""

    variant_id: int
    counted: int | None
    seen: str


@dataclass(slots=True)
class Saved:
    """How many lines changed, and why others were not: by variant id, a sentence for the person who typed."""

    changed: int = 0
    conflicts: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Closing:
    """How many differences are in the books now, and how many lines have to be looked at again."""

    written: int
    again: int

    @property
    def is_closed(self) -> bool:
        return not self.again


def start_count(*, category: Category | None = None, blind: bool = False, actor: Any = None) -> StockCount:
    """Begin a stock take of everything, or of a category and all below it."""
    name = category.name if category else ""
    return StockCount.objects.create(category=category, name=name, blind=blind, started_by=actor)


def save_counts(*, count_id: int, entries: Sequence[Entry], actor: Any = None) -> Saved:
    """Note what was counted. A line that somebody else counted, or whose stock moved, since the sheet was shown is not
    changed and told of instead. Raises CountEnded; nothing is changed then.
    """
    saved = Saved()
    with transaction.atomic():
        count = _lock_open(count_id)
        typed = {entry.variant_id: entry for entry in entries}
        lines = {line.variant_id: line for line in count.lines.select_related("counted_by").filter(variant__in=typed)}
        rows = counted_variants(count).filter(pk__in=typed).select_related("stock")
        for variant in rows.annotate(last_movement=last_movement()).order_by("pk"):
            line, entry = lines.get(variant.pk), typed[variant.pk]
            if _says_nothing_new(line, entry):
                continue
            if entry.seen != seen_mark(line, variant.last_movement):
                saved.conflicts[variant.pk] = _conflict(line, entry)
                continue
            _note(count, line, entry, expected=variant.stock.on_hand, actor=actor)
            saved.changed += 1
    return saved


def close_count(*, count_id: int, actor: Any = None) -> Closing:
    """Write every difference, each in a transaction of its own, and end the stock take if none is left over.

    What moved since it was counted is not overwritten, and a number below what is promised to orders is refused: those
    lines stay, say why, and keep the stock take open. What nobody counted stays as it is. Safe to repeat.
    Raises CountEnded, and NothingCounted; nothing is changed then.
    """
    with transaction.atomic():
        count = _lock_open(count_id)
        if not count.lines.exists():
            raise NothingCounted
        agreeing = count.lines.filter(state=LineState.COUNTED, counted=F("expected"))
        agreeing.update(state=LineState.WRITTEN, version=F("version") + 1)
    written = sum(_write(line, actor) for line in _waiting(count).order_by("variant_id"))
    with transaction.atomic():
        count = _lock_open(count_id)
        again = count.lines.exclude(state=LineState.WRITTEN).count()
        if not again:
            _end(count, State.CLOSED, actor)
    return Closing(written=written, again=again)


def drop_count(*, count_id: int, actor: Any = None) -> StockCount:
    """End a stock take without writing what is not in the books yet. Raises CountEnded; nothing is changed then."""
    with transaction.atomic():
        return _end(_lock_open(count_id), State.DROPPED, actor)


def _lock_open(count_id: int) -> StockCount:
    count = StockCount.objects.select_for_update(no_key=True).get(pk=count_id)
    if not count.is_open:
        raise CountEnded
    return count


def _end(count: StockCount, state: str, actor: Any) -> StockCount:
    count.state, count.ended_by, count.ended_at = state, actor, timezone.now()
    count.save(update_fields=["state", "ended_by", "ended_at"])
    return count


def _says_nothing_new(line: CountLine | None, entry: Entry) -> bool:
    if line is None:
        return entry.counted is None
    if line.is_settled:
        return line.counted == entry.counted
    return entry.counted is None  # the sheet shows no number for a line to count again


def _conflict(line: CountLine | None, entry: Entry) -> str:
    if line is not None and not entry.seen.startswith(f"{line.mark}."):
        return _("%(who)s counted %(counted)d meanwhile. Look again.") % {
            "who": line.counted_by or _("Somebody"),
            "counted": line.counted,
        }
    return _count_again()


def _note(count: StockCount, line: CountLine | None, entry: Entry, *, expected: int, actor: Any) -> None:
    if entry.counted is None:
        if line is not None:
            line.delete()
        return
    line = line or CountLine(count=count, variant_id=entry.variant_id, version=0)
    line.counted, line.expected, line.counted_by = entry.counted, expected, actor
    line.state, line.problem, line.version = LineState.COUNTED, "", line.version + 1
    line.save()


def _waiting(count: StockCount) -> QuerySet[CountLine]:
    """What is to be written, with what was refused before: the orders in the way may be gone."""
    return count.lines.filter(state__in=[LineState.COUNTED, LineState.REFUSED]).select_related("variant")


def _write(line: CountLine, actor: Any) -> bool:
    """Put one difference into the books; a second closing at the same time finds the line taken."""
    unchanged = CountLine.objects.filter(pk=line.pk, state=line.state, version=line.version)
    try:
        with transaction.atomic():
            if not unchanged.update(state=LineState.WRITTEN, version=line.version + 1):
                return False
            recount(
                variant=line.variant,
                expected=line.expected,
                counted=line.counted,
                reason=StockMovement.Reason.COUNT,
                actor=actor,
            )
    except StockMoved:
        unchanged.update(state=LineState.MOVED, problem=_count_again(), version=line.version + 1)
        return False
    except StockPromised as refusal:
        unchanged.update(state=LineState.REFUSED, problem=str(refusal), version=line.version + 1)
        return False
    return True


def _count_again() -> str:
    return _("The stock moved since it was counted. Count again.")
