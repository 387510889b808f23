"""The loop that works the queue: in the `worker` command, and in a thread of the web process."""

import logging
import time
from datetime import datetime
from typing import Any

from django.db import close_old_connections, connections
from django.tasks.base import TaskContext
from django.utils import translation

from apps.core import crash
from apps.jobs import leases, periodic, services
from apps.jobs.models import Job

logger = logging.getLogger("stoa.jobs")

POLL_SECONDS = 0.5
CHORES_SECONDS = 5.0
TROUBLE_SECONDS = 5.0


class Worker:
    """One worker runs one job at a time. `stop()` lets it finish the job it has in hand."""

    def __init__(self) -> None:
        self.id = leases.enter()
        self.stopping = False
        self._slots: dict[str, datetime] = {}
        self._chores_due = 0.0
        self._in_trouble = False

    def stop(self) -> None:
        self.stopping = True

    def run(self) -> None:
        """Work until `stop()`. A database that is away is waited for."""
        try:
            while not self.stopping:
                pause = self._turn()
                if pause and not self.stopping:
                    time.sleep(pause)
        finally:
            leases.leave(self.id)

    def drain(self) -> int:
        """Work whatever is due, periodic jobs and retries included; returns how many jobs were run."""
        worked = 0
        try:
            while not self.stopping:
                self._do_chores()
                if not self.work_one():
                    break
                worked += 1
        finally:
            leases.leave(self.id)
        return worked

    def work_one(self) -> bool:
        """Run the next due job; False if there is none."""
        job = services.claim(worker_id=self.id)
        if job is None:
            return False
        crash.point("jobs.worker.claimed")
        try:
            value = _call(job)
            crash.point("jobs.worker.task_done")
            services.succeed(job, return_value=value)
        except (Exception, SystemExit) as error:  # whatever a task raises ends its attempt, not the worker
            services.fail(job, error=error)
        finally:
            translation.deactivate()
        return True

    def _turn(self) -> float:
        """One round of the loop; returns how many seconds to wait before the next."""
        try:
            close_old_connections()
            self._do_chores()
            worked = self.work_one()
            self._in_trouble = False
        except Exception:
            # The loop outlives a database that is away or not migrated yet, and says so once, not each time.
            if not self._in_trouble:
                logger.exception("The queue can't be worked at the moment")
            self._in_trouble = True
            connections.close_all()
            return TROUBLE_SECONDS
        finally:
            close_old_connections()
        return 0 if worked else POLL_SECONDS

    def _do_chores(self) -> None:
        periodic.enqueue_due(self._slots)
        if time.monotonic() < self._chores_due:
            return
        services.beat()
        services.reap(worker_id=self.id)
        self._chores_due = time.monotonic() + CHORES_SECONDS


def _call(job: Job) -> Any:
    services.announce_start(job)
    task, arguments = job.task, job.args_kwargs
    context: list[Any] = [TaskContext(task_result=job.task_result)] if task.takes_context else []
    return task.call(*context, *arguments["args"], **arguments["kwargs"])
