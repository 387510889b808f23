from datetime import timedelta

import pytest
from django.utils import timezone

from apps.core.health import readiness
from apps.jobs import leases, selectors, services
from apps.jobs.models import Job, WorkerBeat
from apps.jobs.tests import tasks

pytestmark = pytest.mark.django_db

STUCK = "due jobs wait, and nothing has worked the queue for two minutes"


def minutes_ago(minutes):
    return timezone.now() - timedelta(minutes=minutes)


@pytest.fixture
def old_job(trace):
    tasks.write_line.enqueue(trace.path)
    Job.objects.update(enqueued_at=minutes_ago(3))


def test_an_empty_queue_is_fine_without_any_worker():
    assert selectors.queue_is_stuck() is False


def test_a_job_that_has_just_been_asked_for_is_fine(trace):
    tasks.write_line.enqueue(trace.path)

    assert selectors.queue_is_stuck() is False


def test_work_that_nobody_has_looked_at_for_two_minutes_is_told_everywhere(old_job, rf):
    WorkerBeat.objects.create(pk=1, seen_at=minutes_ago(3))

    assert selectors.queue_is_stuck() is True
    assert readiness()["queue"] == STUCK
    assert [note.done for note in selectors.queue_notes()] == [False]
    assert selectors.queue_banner(rf.get("/admin/")).startswith("Nothing has worked the queue for two minutes")


def test_a_beat_within_two_minutes_makes_it_fine(old_job, rf):
    services.beat()

    assert selectors.queue_is_stuck() is False
    assert selectors.queue_banner(rf.get("/admin/")) == ""
    assert readiness()["queue"] == "ok"


def test_work_for_later_is_no_due_work(old_job):
    Job.objects.update(run_after=timezone.now() + timedelta(hours=1))

    assert selectors.queue_is_stuck() is False


def test_a_worker_busy_with_a_long_job_counts_until_its_lease_ends(old_job, trace):
    services.claim(worker_id="another-machine:1:a")
    tasks.write_line.enqueue(trace.path)
    Job.objects.filter(status="READY").update(enqueued_at=minutes_ago(3))

    assert selectors.queue_is_stuck() is False
    Job.objects.filter(status="RUNNING").update(started_at=minutes_ago(3))
    assert selectors.queue_is_stuck() is True


def test_a_dead_process_is_known_on_its_own_machine_only():
    machine = leases.enter().partition(":")[0]

    assert leases.is_gone(f"{machine}:999999999:a") is True
    assert leases.is_gone("another-machine:999999999:a") is False
    assert leases.is_gone("a name without parts") is False


def test_beats_are_written_at_most_every_ten_seconds(django_assert_num_queries):
    services.beat()
    first = WorkerBeat.objects.get().seen_at

    with django_assert_num_queries(1):
        services.beat()
    assert WorkerBeat.objects.get().seen_at == first
    WorkerBeat.objects.update(seen_at=first - timedelta(seconds=11))
    services.beat()
    assert WorkerBeat.objects.get().seen_at >= first


def test_the_audit_names_waiting_jobs_without_a_task(trace):
    tasks.write_line.enqueue(trace.path)
    assert list(selectors.jobs_without_task()) == []

    Job.objects.update(task_path="apps.nowhere.gone")

    assert list(selectors.jobs_without_task()) == [
        "Waiting jobs name apps.nowhere.gone, which is no task (ModuleNotFoundError)."
    ]


def test_failed_jobs_are_counted(trace):
    tasks.write_line.enqueue(trace.path)
    Job.objects.update(status="FAILED")

    assert selectors.failed_job_count() == 1
