"""Tasks of the tests. They leave their traces in a file, which also a killed process has written for good."""

import os
import signal
import sys
import time
from pathlib import Path

from django.tasks import task


def _note(path: str, line: str) -> None:
    with Path(path).open("a") as file:
        file.write(f"{line}\n")


@task(max_attempts=3, backoff=60, lease=30)
def write_line(path, line="done"):
    _note(path, line)
    return line


@task(max_attempts=3, backoff=60, lease=30)
def fail_always(path):
    _note(path, "tried")
    raise ValueError("the task's own trouble")


@task(max_attempts=2, backoff=0, lease=30)
def fail_once(path):
    _note(path, "tried")
    if len(Path(path).read_text().splitlines()) == 1:
        raise ValueError("not yet")


@task(max_attempts=1)
def leave_the_process(path):
    _note(path, "tried")
    sys.exit(3)


@task(max_attempts=1)
def return_no_json(path):
    return object()


@task(max_attempts=3, backoff=60, lease=30)
def kill_itself(path):
    _note(path, "tried")
    os.kill(os.getpid(), signal.SIGKILL)


@task(max_attempts=3, lease=30)
def work_for_a_second(path):
    _note(path, "began")
    time.sleep(1)
    _note(path, "ended")


@task(takes_context=True, max_attempts=2, backoff=0)
def count_attempts(context, path):
    _note(path, f"attempt {context.attempt}")
    if context.attempt == 1:
        raise ValueError("once more")


@task(lease=0.001)
def short_lease(path):
    _note(path, "done")


not_a_task = "just a text"
