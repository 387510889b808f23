"""Workers as real processes, ended as a platform ends them: SIGTERM, and kill -9 in the middle of a job."""

import signal
import threading
import time

import pytest
from django.db import connection
from django.utils import timezone

from apps.jobs import thread
from apps.jobs.models import Job
from apps.jobs.tests import tasks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database("sqlite")]


def wait_until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing happened in time"
        time.sleep(0.05)


def test_once_drains_what_is_due_and_leaves_the_rest(start_worker, trace):
    tasks.write_line.enqueue(trace.path, line="one")
    tasks.fail_once.enqueue(trace.path + "-2")
    tasks.fail_always.enqueue(trace.path + "-3")

    worker = start_worker("--once")
    output, _ = worker.communicate(timeout=60)

    assert worker.returncode == 0
    assert "4 jobs worked." in output  # fail_once has no backoff, so its retry is due as well
    assert trace.lines == ["one"]
    assert sorted(Job.objects.values_list("status", flat=True)) == ["READY", "SUCCESSFUL", "SUCCESSFUL"]


@pytest.mark.one_database("both")
@pytest.mark.parametrize(
    ("point", "runs"), [("jobs.worker.claimed", ["done"]), ("jobs.worker.task_done", ["done", "done"])]
)
def test_the_work_of_a_killed_worker_is_brought_back(start_worker, trace, point, runs):
    tasks.write_line.enqueue(trace.path)

    killed = start_worker("--once", crash_at=point)
    assert killed.wait(60) == -signal.SIGKILL
    assert Job.objects.get().status == "RUNNING"

    assert start_worker("--once").wait(60) == 0
    assert (Job.objects.get().status, Job.objects.get().attempts) == ("SUCCESSFUL", 2)
    assert trace.lines == runs


def test_a_task_that_kills_its_worker_is_not_tried_for_ever(start_worker, trace):
    tasks.kill_itself.enqueue(trace.path)

    for attempt in (1, 2, 3):
        assert start_worker("--once").wait(60) == -signal.SIGKILL
        if attempt == 2:  # from the second loss on the job waits; that time is over
            assert start_worker("--once").wait(60) == 0
            Job.objects.update(run_after=timezone.now())
    assert start_worker("--once").wait(60) == 0

    assert Job.objects.get().status == "FAILED"
    assert trace.lines == ["tried"] * 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_asked_to_leave_finishes_the_job_in_hand(start_worker, trace, number):
    tasks.work_for_a_second.enqueue(trace.path)
    tasks.write_line.enqueue(trace.path, line="never begun")
    worker = start_worker()
    wait_until(lambda: trace.lines == ["began"])

    worker.send_signal(number)

    assert worker.wait(20) == 0
    assert trace.lines == ["began", "ended"]
    assert sorted(Job.objects.values_list("status", flat=True)) == ["READY", "SUCCESSFUL"]


def test_an_idle_worker_leaves_at_once(start_worker, trace):
    tasks.write_line.enqueue(trace.path)
    worker = start_worker()
    wait_until(lambda: Job.objects.get().status == "SUCCESSFUL")

    asked = time.monotonic()
    worker.terminate()

    assert worker.wait(20) == 0
    assert time.monotonic() - asked < 5


@pytest.fixture
def jobs_in_web(settings, monkeypatch):
    settings.JOBS_IN_WEB = True
    monkeypatch.setattr(thread, "_started_in", None)
    leaving = []
    monkeypatch.setattr(thread.atexit, "register", leaving.append)
    yield
    for leave in leaving:
        leave()


def test_the_web_process_works_the_queue_in_one_thread(jobs_in_web, trace):
    tasks.write_line.enqueue(trace.path)

    queue_thread = thread.start_queue_thread()

    assert queue_thread.daemon is True
    assert thread.start_queue_thread() is None
    wait_until(lambda: trace.lines == ["done"])
    wait_until(lambda: Job.objects.get().status == "SUCCESSFUL")


def test_with_jobs_in_web_off_there_is_no_thread(settings):
    settings.JOBS_IN_WEB = False
    before = threading.active_count()

    assert thread.start_queue_thread() is None
    assert threading.active_count() == before


def test_the_thread_outlives_a_database_that_is_away(jobs_in_web, trace, monkeypatch, caplog):
    monkeypatch.setattr("apps.jobs.worker.TROUBLE_SECONDS", 0.1)
    table = Job._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO away")
    try:
        thread.start_queue_thread()
        wait_until(lambda: "can't be worked" in caplog.text)
        time.sleep(0.5)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE away RENAME TO {table}")
    tasks.write_line.enqueue(trace.path)

    wait_until(lambda: trace.lines == ["done"])
    assert caplog.text.count("can't be worked") == 1
