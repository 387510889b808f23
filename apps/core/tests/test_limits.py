import pytest

from apps.core.errors import TooManyAttempts
from apps.core.limits import count_attempt


def test_attempts_up_to_the_limit_pass_and_the_next_says_when_to_try_again(monkeypatch):
    monkeypatch.setattr("apps.core.limits.time.time", lambda: 1000)
    for _ in range(3):
        count_attempt("sign-in", "ada", limit=3, seconds=60)
    with pytest.raises(TooManyAttempts) as refused:
        count_attempt("sign-in", "ada", limit=3, seconds=60)
    assert refused.value.retry_after == 20
    count_attempt("sign-in", "bob", limit=3, seconds=60)


def test_a_new_window_starts_from_nothing(monkeypatch):
    monkeypatch.setattr("apps.core.limits.time.time", lambda: 1000)
    for _ in range(3):
        count_attempt("sign-in", "ada", limit=3, seconds=60)
    monkeypatch.setattr("apps.core.limits.time.time", lambda: 1020)
    count_attempt("sign-in", "ada", limit=3, seconds=60)
