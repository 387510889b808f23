"""Tasks that run by themselves. An app names its own in `ready()`; any worker enqueues each slot's job once.

    periodic.register("orders.sweep", sweep_expired, every=timedelta(minutes=1))

Time is cut into slots of `every`, counted from 1970, so all workers agree on them. A slot that nobody was
there to see is skipped; the current one is always made up for.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.tasks.base import Task
from django.utils import timezone

from apps.jobs.models import PeriodicRun

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Periodic:
    name: str
    task: "Task[..., Any]"
    every: timedelta

    def slot_at(self, moment: datetime) -> datetime:
        """When the slot that holds `moment` began."""
        return moment - (moment - _EPOCH) % self.every


_registered: dict[str, Periodic] = {}


def register(name: str, task: "Task[..., Any]", *, every: timedelta) -> None:
    """Run `task`, which takes no arguments, once in every slot. `name` is `<app>.<what it does>`."""
    if every < timedelta(seconds=1):
        raise ValueError(f"{name}: a periodic task runs at most once a second.")
    _registered[name] = Periodic(name, task, every)


def registered() -> list[Periodic]:
    return list(_registered.values())


def enqueue_due(seen: dict[str, datetime]) -> int:
    """Enqueue the job of every slot that has none yet; returns how many.

    `seen` is the worker's own memory of slots that are taken care of: between two slots nothing is asked of
    the database.
    """
    now, enqueued = timezone.now(), 0
    for periodic in registered():
        slot = periodic.slot_at(now)
        if seen.get(periodic.name) != slot:
            enqueued += _enqueue_once(periodic, slot)
            seen[periodic.name] = slot
    return enqueued


def _enqueue_once(periodic: Periodic, slot: datetime) -> bool:
    """The row moves forward only, so of all workers one enqueues, even if their clocks differ a little."""
    if PeriodicRun.objects.filter(name=periodic.name, slot__gte=slot).exists():
        return False
    with transaction.atomic():
        PeriodicRun.objects.bulk_create([PeriodicRun(name=periodic.name, slot=_EPOCH)], ignore_conflicts=True)
        ours = PeriodicRun.objects.filter(name=periodic.name, slot__lt=slot).update(slot=slot)
        if ours:
            periodic.task.enqueue()
    return bool(ours)
