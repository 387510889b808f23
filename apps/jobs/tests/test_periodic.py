from datetime import UTC, datetime, timedelta

import pytest

from apps.jobs import periodic
from apps.jobs.models import Job, PeriodicRun
from apps.jobs.tests import tasks

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, 0, 10, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = NOON

    monkeypatch.setattr(periodic.timezone, "now", lambda: Clock.now)
    return Clock


@pytest.fixture(autouse=True)
def every_minute():
    periodic.register("jobs.test", tasks.write_line, every=timedelta(minutes=1))


def test_each_slot_is_enqueued_once_by_all_workers_together(clock):
    one, two = {}, {}

    assert [periodic.enqueue_due(one), periodic.enqueue_due(two), periodic.enqueue_due({})] == [1, 0, 0]
    clock.now += timedelta(minutes=1)
    assert [periodic.enqueue_due(two), periodic.enqueue_due(one)] == [1, 0]

    assert Job.objects.count() == 2
    assert PeriodicRun.objects.get().slot == datetime(2026, 11, 23, 12, 1, tzinfo=UTC)


def test_between_two_slots_the_database_is_not_asked(clock, django_assert_num_queries):
    seen = {}
    periodic.enqueue_due(seen)
    clock.now += timedelta(seconds=40)

    with django_assert_num_queries(0):
        assert periodic.enqueue_due(seen) == 0


def test_a_worker_whose_clock_is_behind_enqueues_nothing(clock):
    periodic.enqueue_due({})
    clock.now -= timedelta(minutes=1)

    assert periodic.enqueue_due({}) == 0
    assert Job.objects.count() == 1


def test_missed_slots_are_made_up_for_once(clock):
    periodic.enqueue_due({})
    clock.now += timedelta(hours=9)

    assert periodic.enqueue_due({}) == 1


def test_a_slot_whose_job_could_not_be_written_is_still_to_do(clock, monkeypatch):
    broken = periodic.Periodic("jobs.test", object(), timedelta(minutes=1))
    monkeypatch.setitem(periodic._registered, "jobs.test", broken)
    with pytest.raises(AttributeError):
        periodic.enqueue_due({})
    periodic.register("jobs.test", tasks.write_line, every=timedelta(minutes=1))

    assert periodic.enqueue_due({}) == 1


def test_a_period_below_a_second_is_refused():
    with pytest.raises(ValueError, match="once a second"):
        periodic.register("jobs.frantic", tasks.write_line, every=timedelta(milliseconds=1))
