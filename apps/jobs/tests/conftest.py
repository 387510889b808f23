import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from apps.jobs import leases, periodic
from apps.jobs.models import PeriodicRun
from apps.jobs.worker import Worker

PERIODIC_NAMES = [task.name for task in periodic.registered()]


@pytest.fixture(autouse=True)
def _no_periodic_jobs(monkeypatch):
    """The periodic tasks of the other apps stay out of these tests."""
    monkeypatch.setattr(periodic, "_registered", {})


@pytest.fixture
def worker():
    worker = Worker()
    yield worker
    leases.leave(worker.id)


@pytest.fixture
def trace(tmp_path):
    """A file to which the tasks write, and what stands in it."""

    class Trace:
        path = str(tmp_path / "trace")

        @property
        def lines(self):
            file = Path(self.path)
            return file.read_text().splitlines() if file.exists() else []

    return Trace()


def suite_database_url() -> str:
    """The URL of the database in which the suite runs, for another process."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@pytest.fixture
def start_worker():
    """Start `manage.py worker` on the suite's database, as a process of its own, with no periodic jobs to do."""
    running = []

    def start(*arguments, crash_at=""):
        taken_care_of = [PeriodicRun(name=name, slot=datetime(2999, 1, 1, tzinfo=UTC)) for name in PERIODIC_NAMES]
        PeriodicRun.objects.bulk_create(taken_care_of, ignore_conflicts=True)
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": suite_database_url(),
            "STOA_CRASH_AT": crash_at,
            "STOA_ALLOW_CRASH_POINTS": "1",
            "SITE_URL": "http://127.0.0.1:8000",
        }
        process = subprocess.Popen(
            [sys.executable, "manage.py", "worker", *arguments],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.wait()
