import asyncio
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.tasks import task
from django.tasks.signals import task_finished
from django.utils import timezone

from apps.jobs import leases, services
from apps.jobs.models import LONGEST_BACKOFF, Job
from apps.jobs.tests import tasks
from apps.jobs.worker import Worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def finished():
    """What the signal told: (state, attempts) of each job that ended for good."""
    told = []

    def listen(sender, task_result, **kwargs):
        told.append((str(task_result.status), task_result.attempts))

    task_finished.connect(listen)
    yield told
    task_finished.disconnect(listen)


def only_job() -> Job:
    return Job.objects.get()


def test_a_job_runs_once_and_keeps_its_result(worker, trace, finished):
    tasks.write_line.enqueue(trace.path, line="hello")

    assert worker.work_one() is True
    assert worker.work_one() is False

    job = only_job()
    assert trace.lines == ["hello"]
    assert (job.status, job.return_value, job.attempts) == ("SUCCESSFUL", "hello", 1)
    assert job.finished_at >= job.started_at
    assert finished == [("SUCCESSFUL", 1)]


def test_a_job_asked_for_in_a_transaction_that_rolls_back_does_not_exist(trace):
    with pytest.raises(RuntimeError), transaction.atomic():
        tasks.write_line.enqueue(trace.path)
        raise RuntimeError

    assert Job.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_aenqueue_writes_the_row_too(trace):
    asyncio.run(tasks.write_line.aenqueue(trace.path, line="later"))

    assert only_job().args_kwargs == {"args": [trace.path], "kwargs": {"line": "later"}}


def test_a_failed_attempt_waits_longer_each_time_and_then_fails_for_good(worker, trace, finished):
    tasks.fail_always.enqueue(trace.path)

    for attempt, delay in ((1, 60), (2, 120)):
        worker.work_one()
        job = only_job()
        assert (job.status, job.attempts) == ("READY", attempt)
        assert job.last_error == "ValueError: the task's own trouble"
        assert timedelta(seconds=delay - 5) < job.run_after - timezone.now() <= timedelta(seconds=delay)
        assert worker.work_one() is False  # not due yet
        Job.objects.update(run_after=timezone.now())
    worker.work_one()

    job = only_job()
    assert (job.status, job.attempts) == ("FAILED", 3)
    assert job.finished_at is not None
    assert trace.lines == ["tried"] * 3
    assert finished == [("FAILED", 3)]


def test_the_wait_between_attempts_is_an_hour_at_most(trace):
    job = Job(task_path="apps.jobs.tests.tasks.fail_always", backend_name="default", worker_ids=["x"] * 30)

    assert job.retry_delay() == timedelta(seconds=LONGEST_BACKOFF)


def test_a_task_may_ask_which_attempt_it_is(worker, trace):
    tasks.count_attempts.enqueue(trace.path)

    worker.work_one()
    worker.work_one()

    assert trace.lines == ["attempt 1", "attempt 2"]
    assert only_job().status == "SUCCESSFUL"


def test_a_task_that_leaves_the_process_fails_and_the_worker_goes_on(worker, trace):
    tasks.leave_the_process.enqueue(trace.path)

    assert worker.work_one() is True

    assert (only_job().status, only_job().exception_class_path) == ("FAILED", "builtins.SystemExit")


def test_a_result_that_is_not_json_is_a_failure(worker, trace):
    tasks.return_no_json.enqueue(trace.path)

    worker.work_one()

    assert (only_job().status, only_job().exception_class_path) == ("FAILED", "builtins.TypeError")


def test_a_listener_that_raises_does_not_make_the_work_be_done_again(worker, trace):
    def listen(**kwargs):
        Job.objects.create(task_path="half.way", backend_name="default", args_kwargs={})
        raise RuntimeError

    task_finished.connect(listen)
    tasks.write_line.enqueue(trace.path)
    try:
        worker.work_one()
    finally:
        task_finished.disconnect(listen)

    assert only_job().status == "SUCCESSFUL"
    assert trace.lines == ["done"]


@pytest.mark.parametrize("path", ["apps.nowhere.tasks.gone", "apps.jobs.tests.tasks.not_a_task"])
def test_a_path_that_is_no_task_is_retried_and_does_not_stop_the_queue(worker, trace, path):
    tasks.write_line.enqueue(trace.path)
    Job.objects.update(task_path=path)
    tasks.write_line.enqueue(trace.path, line="the next one")

    while worker.work_one():
        pass

    broken = Job.objects.get(task_path=path)
    assert (broken.status, broken.attempts) == ("READY", 1)
    assert broken.run_after > timezone.now()
    assert trace.lines == ["the next one"]


def test_a_path_that_is_no_task_fails_in_the_end(worker, trace):
    tasks.write_line.enqueue(trace.path)
    Job.objects.update(task_path="apps.nowhere.tasks.gone", worker_ids=["a", "b", "c", "d"])

    worker.work_one()

    assert (only_job().status, only_job().attempts) == ("FAILED", 5)


def test_two_workers_never_hold_the_same_job(worker, trace):
    tasks.write_line.enqueue(trace.path)
    other = Worker()

    first = services.claim(worker_id=worker.id)
    second = services.claim(worker_id=other.id)

    assert first is not None and second is None
    leases.leave(other.id)


def test_a_late_finisher_does_not_overwrite_the_newer_attempt(worker, trace):
    tasks.write_line.enqueue(trace.path)
    late = services.claim(worker_id="another-machine:1:a")
    Job.objects.update(started_at=timezone.now() - timedelta(seconds=31))
    services.reap(worker_id=worker.id)
    newer = services.claim(worker_id=worker.id)

    assert services.succeed(late, return_value="old") is False
    assert services.fail(late, error=ValueError("old")) is False
    assert (only_job().status, only_job().started_at) == ("RUNNING", newer.started_at)
    assert services.succeed(newer, return_value="new") is True
    assert services.succeed(late, return_value="old") is False
    assert only_job().return_value == "new"


def test_the_reaper_leaves_a_job_alone_while_its_lease_runs(worker, trace):
    tasks.write_line.enqueue(trace.path)
    services.claim(worker_id="another-machine:1:a")

    assert services.reap(worker_id=worker.id) == 0
    assert only_job().status == "RUNNING"


def test_a_job_whose_lease_is_over_comes_back_at_once_and_then_with_a_wait(worker, trace):
    tasks.write_line.enqueue(trace.path)
    for attempt in (1, 2):
        services.claim(worker_id="another-machine:1:a")
        Job.objects.update(started_at=timezone.now() - timedelta(seconds=31))
        assert services.reap(worker_id=worker.id) == 1
        assert (only_job().status, only_job().attempts) == ("READY", attempt)
        if attempt == 1:
            assert only_job().run_after <= timezone.now()

    assert only_job().run_after > timezone.now() + timedelta(seconds=100)


def test_a_job_that_takes_every_worker_with_it_fails_in_the_end(worker, trace, finished):
    tasks.write_line.enqueue(trace.path)
    Job.objects.update(worker_ids=["another-machine:1:a", "another-machine:2:b"])
    services.claim(worker_id="another-machine:3:c")
    Job.objects.update(started_at=timezone.now() - timedelta(seconds=31))

    services.reap(worker_id=worker.id)

    assert (only_job().status, only_job().exception_class_path) == ("FAILED", "apps.jobs.services.WorkerLost")
    assert finished == [("FAILED", 3)]


def test_a_worker_takes_back_its_own_job_whose_end_could_not_be_written(worker, trace):
    tasks.write_line.enqueue(trace.path)
    services.claim(worker_id=worker.id)

    assert services.reap(worker_id=worker.id) == 1
    assert only_job().status == "READY"


def test_the_reaper_survives_a_path_that_is_no_task(worker, trace):
    tasks.write_line.enqueue(trace.path)
    services.claim(worker_id="another-machine:1:a")
    Job.objects.update(task_path="apps.nowhere.gone", started_at=timezone.now() - timedelta(seconds=301))

    assert services.reap(worker_id=worker.id) == 1
    assert only_job().status == "READY"


def test_trying_again_gives_a_failed_job_all_its_attempts(worker, trace):
    tasks.fail_always.enqueue(trace.path)
    Job.objects.update(status="FAILED", worker_ids=["a", "b", "c"], finished_at=timezone.now())

    services.try_again(job_id=only_job().pk)
    worker.work_one()

    assert (only_job().status, only_job().attempts) == ("READY", 1)
    assert trace.lines == ["tried"]


@pytest.mark.parametrize("status", ["RUNNING", "SUCCESSFUL"])
def test_a_running_or_done_job_can_be_neither_tried_again_nor_discarded(trace, status):
    tasks.write_line.enqueue(trace.path)
    Job.objects.update(status=status, worker_ids=["a"])

    with pytest.raises(services.NotWaiting):
        services.try_again(job_id=only_job().pk)
    with pytest.raises(services.NotWaiting):
        services.discard(job_id=only_job().pk)

    assert (only_job().status, only_job().worker_ids) == (status, ["a"])


def test_a_discarded_job_is_gone(trace):
    tasks.write_line.enqueue(trace.path)

    services.discard(job_id=only_job().pk)

    assert Job.objects.count() == 0


def test_pruning_keeps_failed_jobs_for_thirty_days_and_done_ones_for_one(trace):
    now = timezone.now()
    for status, days in (("SUCCESSFUL", 2), ("SUCCESSFUL", 0), ("FAILED", 29), ("FAILED", 31), ("READY", 90)):
        tasks.write_line.enqueue(trace.path, line=f"{status} {days}")
        Job.objects.filter(status="READY", finished_at=None, args_kwargs__kwargs__line=f"{status} {days}").update(
            status=status, finished_at=None if status == "READY" else now - timedelta(days=days)
        )

    assert services.prune() == 2

    kept = Job.objects.order_by("enqueued_at").values_list("args_kwargs__kwargs__line", flat=True)
    assert list(kept) == ["SUCCESSFUL 0", "FAILED 29", "READY 90"]


def test_an_impossible_policy_is_refused_where_the_task_is_written():
    with pytest.raises(ImproperlyConfigured):
        task(max_attempts=0)(services.prune)
    with pytest.raises(TypeError):
        task(max_attemps=3)(services.prune)


def test_an_idle_look_at_the_queue_is_one_query(worker, django_assert_num_queries):
    with django_assert_num_queries(1):
        worker.work_one()
