"""JOBS_IN_WEB: a small deploy needs no second process, the web process works the queue in a thread."""

import atexit
import os
import threading

from django.conf import settings

_started_in: int | None = None
_LEAVE_SECONDS = 10.0


def start_queue_thread() -> threading.Thread | None:
    """Start this process's queue thread and return it; None if JOBS_IN_WEB is off or it is running already.

    Called by config/wsgi.py, which each web process imports for itself, so never before a fork and never in a
    management command. The thread is a daemon: it can't keep a process from ending.
    """
    global _started_in
    if not settings.JOBS_IN_WEB or _started_in == os.getpid():
        return None
    from apps.jobs.worker import Worker

    worker = Worker()
    thread = threading.Thread(target=worker.run, name="stoa-jobs", daemon=True)

    def finish_the_job_in_hand() -> None:
        worker.stop()
        thread.join(_LEAVE_SECONDS)

    atexit.register(finish_the_job_in_hand)
    _started_in = os.getpid()
    thread.start()
    return thread
