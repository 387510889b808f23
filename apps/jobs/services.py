"""The rules of the queue. Every change of a job is one conditional UPDATE, the same on both databases.

`started_at` marks an attempt: a worker that comes back late, when another has its job, changes nothing.
"""

import logging
from datetime import datetime, timedelta
from traceback import format_exception
from typing import Any

from django.db import transaction
from django.tasks.signals import task_finished, task_started
from django.utils import timezone
from django.utils.json import normalize_json
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.jobs import leases
from apps.jobs.models import Job, JobQuerySet, WorkerBeat

logger = logging.getLogger("stoa.jobs")

BEAT_EVERY = timedelta(seconds=10)
KEEP_DONE = timedelta(days=1)
KEEP_FAILED = timedelta(days=30)
LONGEST_TRACEBACK = 20_000
_CANDIDATES = 5
_PRUNE_BATCH = 1000


class NotWaiting(DomainError):
    """The job is being worked or is done, so it can be neither tried again nor discarded."""

    message = _("This job is running or done. Only a waiting or failed job can be changed.")


class WorkerLost(Exception):
    """A worker ended, or overran its lease, in the middle of a job."""


def claim(*, worker_id: str) -> Job | None:
    """Take the next due job for this worker and return it; None if there is none.

    Reads without a lock, so an idle queue costs one cheap query; the UPDATE decides between two workers.
    """
    for job in Job.objects.due()[:_CANDIDATES]:
        now, workers = timezone.now(), [*job.worker_ids, worker_id]
        unchanged = Job.objects.filter(pk=job.pk, status=Job.Status.READY, started_at=job.started_at)
        if unchanged.update(status=Job.Status.RUNNING, started_at=now, finished_at=None, worker_ids=workers):
            job.status, job.started_at, job.worker_ids = Job.Status.RUNNING, now, workers
            return job
    return None


def announce_start(job: Job) -> None:
    task_started.send(sender=type(job.task.get_backend()), task_result=job.task_result)


def succeed(job: Job, *, return_value: Any) -> bool:
    """Record the result of a claimed job. False, and nothing has changed, if it went to another worker.

    Raises TypeError or ValueError if the value is not JSON.
    """
    return _finish(
        job,
        status=Job.Status.SUCCESSFUL,
        return_value=normalize_json(return_value),
        exception_class_path="",
        traceback="",
    )


def fail(job: Job, *, error: BaseException) -> bool:
    """Record a failed attempt: the job waits for its next one, or is failed for good after the last.

    False, and nothing has changed, if it went to another worker.
    """
    report = {
        "exception_class_path": f"{type(error).__module__}.{type(error).__qualname__}",
        "traceback": "".join(format_exception(error))[-LONGEST_TRACEBACK:],
    }
    if job.attempts >= job.policy.max_attempts:
        logger.error("Job %s (%s) failed for good: %s", job.pk, job.task_path, type(error).__name__)
        return _finish(job, status=Job.Status.FAILED, return_value=None, **report)
    # A killed worker is no fault of the job: the first time it is run again at once.
    delay = timedelta() if isinstance(error, WorkerLost) and job.attempts == 1 else job.retry_delay()
    logger.warning("Job %s (%s) will be tried again: %s", job.pk, job.task_path, type(error).__name__)
    return bool(_attempt(job).update(status=Job.Status.READY, run_after=timezone.now() + delay, **report))


def _attempt(job: Job) -> JobQuerySet:
    """The row, as long as it still belongs to the attempt that this copy stands for."""
    return Job.objects.filter(pk=job.pk, status=Job.Status.RUNNING, started_at=job.started_at)


def _finish(job: Job, **changes: Any) -> bool:
    """Write the end of a job and tell it, in one transaction: who listens writes rows that belong to it."""
    changes["finished_at"] = timezone.now()
    try:
        with transaction.atomic():
            written = bool(_attempt(job).update(**changes))
            if written:
                _tell(job, changes)
    except Exception:
        # A listener that raises must not make the work be done again.
        logger.exception("A receiver of task_finished failed for job %s (%s)", job.pk, job.task_path)
        written = bool(_attempt(job).update(**changes))
    return written


def _tell(job: Job, changes: dict[str, Any]) -> None:
    for field, value in changes.items():
        setattr(job, field, value)
    try:
        sender, result = type(job.task.get_backend()), job.task_result
    except Exception:  # the path can't be imported, so nobody can be waiting for this task
        return
    task_finished.send(sender=sender, task_result=result)


def reap(*, worker_id: str) -> int:
    """Bring back the jobs of workers that ended or overran their lease; return how many.

    Called by a worker between two jobs, so a job that is still running under its own id is one whose end
    could not be written.
    """
    found = 0
    for job in Job.objects.running():
        if job.worker_ids[-1:] == [worker_id] or leases.is_lost(job):
            found += fail(job, error=WorkerLost("The worker ended before the job did."))
    return found


def try_again(*, job_id: Any) -> None:
    """Let a failed or waiting job run now, with fresh attempts. Raises NotWaiting: nothing changed."""
    waiting = Job.objects.filter(pk=job_id, status__in=(Job.Status.FAILED, Job.Status.READY))
    if not waiting.update(status=Job.Status.READY, run_after=timezone.now(), finished_at=None, worker_ids=[]):
        raise NotWaiting


def discard(*, job_id: Any) -> None:
    """Delete a failed or waiting job. Raises NotWaiting: nothing changed."""
    deleted, _by_model = Job.objects.filter(pk=job_id, status__in=(Job.Status.FAILED, Job.Status.READY)).delete()
    if not deleted:
        raise NotWaiting


def beat() -> None:
    """Note that the queue is being worked; one write in ten seconds, however many workers there are."""
    now = timezone.now()
    if not WorkerBeat.objects.filter(pk=1, seen_at__gt=now - BEAT_EVERY).exists():
        WorkerBeat.objects.update_or_create(pk=1, defaults={"seen_at": now})


def prune(*, now: datetime | None = None) -> int:
    """Delete done jobs after a day, failed ones after 30; returns how many. In batches: no lock is long."""
    now, deleted = now or timezone.now(), 0
    for status, keep in ((Job.Status.SUCCESSFUL, KEEP_DONE), (Job.Status.FAILED, KEEP_FAILED)):
        old = Job.objects.filter(status=status, finished_at__lt=now - keep).order_by()
        while batch := list(old.values_list("pk", flat=True)[:_PRUNE_BATCH]):
            deleted += Job.objects.filter(pk__in=batch).delete()[0]
    return deleted
