"""Who works a job, written so that a later worker can tell whether that one still lives."""

import hashlib
import os
import secrets
import socket
from functools import cache

from django.utils import timezone

from apps.jobs.models import Job

_alive_here: set[str] = set()


@cache
def _machine() -> str:
    """This host and, in a container, its own numbering of processes: two containers may share a host name."""
    try:
        numbering = os.readlink("/proc/self/ns/pid")
    except OSError:
        numbering = ""
    return hashlib.sha256(f"{socket.gethostname()} {numbering}".encode()).hexdigest()[:12]


def enter() -> str:
    """A new worker's id: machine, process and a random part."""
    worker_id = f"{_machine()}:{os.getpid()}:{secrets.token_hex(6)}"
    _alive_here.add(worker_id)
    return worker_id


def leave(worker_id: str) -> None:
    _alive_here.discard(worker_id)


def is_gone(worker_id: str) -> bool:
    """True if the worker's process has certainly ended; False if it lives or nobody here can know."""
    machine, _, rest = worker_id.partition(":")
    pid = rest.partition(":")[0]
    if machine != _machine() or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        return worker_id not in _alive_here
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def is_lost(job: Job) -> bool:
    """A running job whose worker has ended, or has held it for longer than an honest run takes."""
    if not job.worker_ids or is_gone(job.worker_ids[-1]):
        return True
    return job.lease_ends_at() < timezone.now()
