"""The states of imports and bulk edits. A move is one conditional UPDATE, so of two who press a button one does."""

from typing import Any

from django.db.models import F

from apps.exchange.errors import NotNow
from apps.exchange.models import BulkEdit, Import


def move(job: Import | BulkEdit, state: str, **fields: Any) -> None:
    """Take it into another state and set further fields. Raises NotNow; nothing is changed then."""
    if not job.can_move(state):
        raise NotNow
    unmoved = type(job)._default_manager.filter(pk=job.pk, state=job.state)
    if not unmoved.update(state=state, version=F("version") + 1, **fields):
        raise NotNow
    job.refresh_from_db()


def add_counts(counts: dict[str, dict[str, int]], group: str, numbers: dict[str, int]) -> None:
    """Add numbers to a group of counts, in place."""
    kept = counts.setdefault(group, {})
    for name, number in numbers.items():
        kept[name] = kept.get(name, 0) + number
