from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult, get_date_max

from apps.jobs.backend import DEFAULT_POLICY, JobTask, Policy

LONGEST_BACKOFF = 3600.0


class JobQuerySet(models.QuerySet["Job"]):
    def due(self) -> "JobQuerySet":
        return self.due_before(timezone.now())

    def running(self) -> "JobQuerySet":
        return self.filter(status=Job.Status.RUNNING)

    def failed(self) -> "JobQuerySet":
        return self.filter(status=Job.Status.FAILED)

    def due_before(self, moment: datetime) -> "JobQuerySet":
        """Jobs that have been waiting to be run since `moment` or longer."""
        at_once = Q(run_after=get_date_max(), enqueued_at__lte=moment)
        return self.filter(at_once | Q(run_after__lte=moment), status=Job.Status.READY)


class Job(DBTaskResult):
    """One run of a task that has been asked for: the row of django-tasks-db with the rules of this app."""

    class Status(models.TextChoices):
        READY = "READY", _("Waiting")
        RUNNING = "RUNNING", _("Running")
        FAILED = "FAILED", _("Failed")
        SUCCESSFUL = "SUCCESSFUL", _("Done")

    objects = JobQuerySet.as_manager()  # type: ignore[assignment,misc]

    class Meta:
        app_label = "jobs"
        proxy = True
        verbose_name = _("job")
        verbose_name_plural = _("jobs")

    def __str__(self) -> str:
        return self.task_path.rpartition(".")[2]

    @property
    def attempts(self) -> int:
        """Every claim of the job leaves the id of its worker."""
        return len(self.worker_ids)

    @property
    def due_at(self) -> datetime:
        return self.enqueued_at if self.run_after == get_date_max() else self.run_after

    @property
    def last_error(self) -> str:
        """The last line of the newest traceback, which names the exception."""
        lines = self.traceback.strip().splitlines()
        return lines[-1] if lines else ""

    @cached_property
    def policy(self) -> Policy:
        """What the task says. A path that can't be imported gets the default ones.

        In the middle of a deploy an old worker meets jobs of new code; retries let them wait for the new.
        """
        try:
            task = self.task
        except Exception:  # importing a module may raise anything
            return DEFAULT_POLICY
        return task.policy if isinstance(task, JobTask) else DEFAULT_POLICY

    def retry_delay(self) -> timedelta:
        doubled = self.policy.backoff * 2 ** min(self.attempts - 1, 20)
        return timedelta(seconds=min(doubled, LONGEST_BACKOFF))

    def lease_ends_at(self) -> datetime:
        return (self.started_at or timezone.now()) + timedelta(seconds=self.policy.lease)


class PeriodicRun(models.Model):
    """The newest slot of a periodic task whose job has been enqueued."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    slot = models.DateTimeField(_("slot"))

    class Meta:
        app_label = "jobs"
        verbose_name = _("periodic run")
        verbose_name_plural = _("periodic runs")

    def __str__(self) -> str:
        return self.name


class WorkerBeat(models.Model):
    """One row: when any worker last looked at the queue."""

    seen_at = models.DateTimeField(_("seen at"))

    class Meta:
        app_label = "jobs"
        verbose_name = _("worker beat")
        verbose_name_plural = _("worker beats")

    def __str__(self) -> str:
        return self.seen_at.isoformat()
