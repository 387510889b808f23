"""The task backend: rows in our own database, so a job commits or rolls back with the work that asked for it.

Code elsewhere knows only `django.tasks`. Policies are keywords of its decorator:

    @task(max_attempts=8, backoff=15, lease=60)
    def deliver(message_id: int) -> None: ...
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import ImproperlyConfigured
from django.tasks.base import Task
from django_tasks_db.backend import DatabaseBackend


class Policy(NamedTuple):
    """How a job is tried: see JobTask."""

    max_attempts: int = 5
    backoff: float = 10.0
    lease: float = 300.0


DEFAULT_POLICY = Policy()


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTask(Task):
    """A task with its policies. A task may run more than once, so it must be safe to repeat.

    max_attempts  runs before the job counts as failed
    backoff       seconds before the second attempt; doubled for each one after it, an hour at most
    lease         seconds that an honest run may take; after them another worker starts the job again
    """

    max_attempts: int = DEFAULT_POLICY.max_attempts
    backoff: float = DEFAULT_POLICY.backoff
    lease: float = DEFAULT_POLICY.lease

    @property
    def policy(self) -> Policy:
        return Policy(self.max_attempts, self.backoff, self.lease)


class JobsBackend(DatabaseBackend):
    """The queue of django-tasks-db: `enqueue` and `aenqueue` write the row in the caller's transaction."""

    task_class = JobTask

    def validate_task(self, task: Any) -> None:
        super().validate_task(task)
        if task.max_attempts < 1 or task.backoff < 0 or task.lease <= 0:
            raise ImproperlyConfigured(
                f"{task.module_path}: max_attempts must be 1 or more, backoff 0 or more, lease above 0."
            )
