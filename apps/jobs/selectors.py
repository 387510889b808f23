"""What staff and probes ask about the queue."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.setup_notes import SetupNote
from apps.jobs import leases
from apps.jobs.models import Job, WorkerBeat

QUIET_FOR = timedelta(minutes=2)


def queue_is_stuck() -> bool:
    """Work has been due for two minutes and nothing has worked the queue in that time.

    A worker that is busy with one long job says nothing meanwhile; its job counts as long as its lease runs.
    """
    since = timezone.now() - QUIET_FOR
    if WorkerBeat.objects.filter(seen_at__gt=since).exists() or not Job.objects.due_before(since).exists():
        return False
    return all(leases.is_lost(job) for job in Job.objects.running())


def failed_job_count() -> int:
    return Job.objects.failed().count()


def queue_panel(request: HttpRequest) -> dict[str, Any]:
    """For the admin's first page."""
    return {"stuck": queue_is_stuck(), "failed": failed_job_count()}


def queue_banner(request: HttpRequest) -> str:
    """For every page of the admin."""
    if not queue_is_stuck():
        return ""
    return _(
        "Nothing has worked the queue for two minutes: mails and payments wait. Start a worker, or set JOBS_IN_WEB."
    )


def queue_probe() -> str | None:
    """For /readyz: None, or why the queue is not ready."""
    return "due jobs wait, and nothing has worked the queue for two minutes" if queue_is_stuck() else None


def queue_notes() -> Iterator[SetupNote]:
    if queue_is_stuck():
        yield SetupNote(
            _("Mails and payments wait: nothing works the queue. Start “manage.py worker” or JOBS_IN_WEB."),
            url_name="admin:jobs_job_changelist",
        )


def jobs_without_task() -> Iterator[str]:
    """An invariant: the path of every waiting job leads to a task."""
    waiting = Job.objects.filter(status=Job.Status.READY).order_by().values_list("task_path", flat=True)
    for path in sorted(waiting.distinct()):
        try:
            Job(task_path=path, backend_name="default").task  # noqa: B018
        except Exception as error:  # importing a module may raise anything
            yield f"Waiting jobs name {path}, which is no task ({type(error).__name__})."
