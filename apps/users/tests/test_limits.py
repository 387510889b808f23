from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from apps.core.errors import TooManyAttempts
from apps.users import tasks
from apps.users.limits import Limit, count_attempts
from apps.users.models import AttemptCount

ADA, BOB = Limit("sign-in", "ada", 3, 60), Limit("sign-in", "bob", 3, 60)
OFFICE = Limit("address", "192.0.2.7", 4, 600)


@pytest.fixture
def clock(monkeypatch):
    def show(seconds):
        monkeypatch.setattr("apps.users.limits.time.time", lambda: seconds)

    show(1000)
    return show


@pytest.mark.django_db
def test_attempts_up_to_the_limit_pass_and_the_next_says_when_to_try_again(clock):
    for _ in range(3):
        count_attempts(ADA)
    with pytest.raises(TooManyAttempts) as refused:
        count_attempts(ADA)
    assert refused.value.retry_after == 20
    count_attempts(BOB)


@pytest.mark.django_db
def test_a_new_window_starts_from_nothing(clock):
    for _ in range(3):
        count_attempts(ADA)
    clock(1020)
    count_attempts(ADA)


@pytest.mark.django_db
def test_several_limits_are_one_statement_and_the_longest_wait_is_told(clock):
    with CaptureQueriesContext(connection) as captured:
        count_attempts(ADA, OFFICE)
    assert len(captured) == 1
    for _ in range(2):
        count_attempts(ADA, OFFICE)
    with pytest.raises(TooManyAttempts) as refused:
        count_attempts(ADA, OFFICE)
    assert refused.value.retry_after == 20
    with pytest.raises(TooManyAttempts) as refused:
        count_attempts(ADA, OFFICE)
    assert refused.value.retry_after == 200
    assert sorted(AttemptCount.objects.values_list("attempts", flat=True)) == [5, 5]


@pytest.mark.django_db
def test_what_is_over_is_forgotten_and_no_address_is_kept(clock):
    count_attempts(OFFICE)
    clock(4_000_000_000)
    count_attempts(OFFICE)

    assert tasks.forget_old_counts.func() == 1

    kept = AttemptCount.objects.get()
    assert (kept.attempts, kept.ends_at.timestamp()) == (1, 4_000_000_200)
    assert OFFICE.subject not in kept.key


@pytest.mark.django_db(transaction=True)
def test_attempts_of_the_same_moment_all_count():
    def press(_):
        try:
            count_attempts(Limit("checkout", "ada", 5, 10**9), Limit("address", "192.0.2.7", 100, 10**9))
        except TooManyAttempts:
            return "refused"
        finally:
            connections.close_all()
        return "passed"

    with ThreadPoolExecutor(4) as hands:
        answers = list(hands.map(press, range(12)))

    assert sorted(answers) == ["passed"] * 5 + ["refused"] * 7
    assert set(AttemptCount.objects.values_list("attempts", flat=True)) == {12}
