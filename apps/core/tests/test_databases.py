"""A kept connection to PostgreSQL is asked nothing while it lives, and not used once it is gone."""

from select import POLLIN, poll

import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

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


def by_cursor(other, sql):
    with CaptureQueriesContext(other):
        return other.first_row(sql)


@pytest.mark.parametrize("ask", [lambda other, sql: other.first_row(sql), by_cursor])
def test_a_first_row_is_what_postgresql_writes(kept, ask):
    assert ask(kept, "SELECT 7, NULL, 'Süßholz', '' UNION ALL SELECT 8, '', '', ''") == ("7", None, "Süßholz", "")
    assert ask(kept, "SELECT 7 WHERE false") is None


def test_a_first_row_is_counted_where_somebody_counts(kept):
    with CaptureQueriesContext(kept) as asked:
        kept.first_row("SELECT 7")
    assert [query["sql"] for query in asked] == ["SELECT 7"]


def test_a_first_row_in_a_transaction_belongs_to_it(kept):
    with transaction.atomic():
        row = connection.first_row("SELECT pg_current_xact_id()::text")
        assert connection.first_row("SELECT pg_current_xact_id()::text") == row
    assert kept.first_row("SELECT pg_current_xact_id()::text") != row


def test_a_first_row_that_can_not_be_read_says_why_and_leaves_the_connection(kept):
    with pytest.raises(ProgrammingError, match="nowhere"):
        kept.first_row("SELECT 1 FROM nowhere")
    assert kept.first_row("SELECT 7") == ("7",)


def test_a_first_row_asked_of_a_server_that_is_gone_is_an_error_and_then_a_new_connection(kept):
    end(kept)
    with pytest.raises(OperationalError):
        kept.first_row("SELECT 7")
    assert kept.errors_occurred
    kept.close_if_unusable_or_obsolete()
    assert kept.first_row("SELECT 7") == ("7",)


def test_the_first_statement_of_a_request_may_be_a_first_row(kept):
    end(kept)
    kept.health_check_enabled = True
    kept.close_if_unusable_or_obsolete()
    assert kept.first_row("SELECT 7") == ("7",)
