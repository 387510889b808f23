"""A kept connection to PostgreSQL is asked nothing while it lives, and not used once it is gone."""

from select import POLLIN, poll

import pytest
from django.db import connection

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("postgres")]


@pytest.fixture
def kept():
    """Another connection to the same database, as a request leaves it."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT 'the last statement'")
    yield other
    other.close()


def last_statement(other):
    with connection.cursor() as cursor:
        cursor.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [other.connection.info.backend_pid])
        return cursor.fetchone()


def end(other):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [other.connection.info.backend_pid])


def test_a_living_one_is_usable_and_was_asked_nothing(kept):
    assert kept.is_usable() is True
    assert last_statement(kept) == ("SELECT 'the last statement'",)


def test_one_that_the_server_ended_is_not_usable(kept):
    end(kept)
    assert kept.is_usable() is False


def test_one_that_has_something_to_say_is_asked(kept):
    for statement in ("LISTEN news", "SELECT 'the last statement'"):
        kept.cursor().execute(statement)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("NOTIFY news, 'hello'")
    other.close()
    told = poll()
    told.register(kept.connection.pgconn.socket, POLLIN)
    assert told.poll(5_000)
    assert kept.is_usable() is True
    assert last_statement(kept) == ("SELECT 1",)


def test_none_and_a_closed_one_are_not_usable(kept):
    kept.connection.close()
    assert kept.is_usable() is False
    kept.connection = None
    assert kept.is_usable() is False


def test_the_next_request_opens_a_new_one(kept):
    end(kept)
    kept.health_check_enabled = True
    kept.close_if_unusable_or_obsolete()
    with kept.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
