"""Rows that are asked of the driver are those that Django's cursor would bring, and so are the errors."""

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from apps.core.databases import rows
from apps.core.databases.rows import all_rows, first_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def other():
    """A connection in no transaction."""
    other = connection.copy()
    yield other
    other.close()


def counted(sql, database):
    with CaptureQueriesContext(database) as asked:
        row = first_row(sql, database)
    assert [query["sql"] for query in asked] == [sql]
    return row


def wrapped(sql, database):
    with database.execute_wrapper(lambda execute, *rest: execute(*rest)):
        return first_row(sql, database)


@pytest.mark.parametrize("ask", [first_row, counted, wrapped])
def test_it_is_the_first_row(other, ask):
    number, *texts = ask("SELECT 7, NULL, 'Süßholz', '' UNION ALL SELECT 8, '', '', '' ORDER BY 1", other)
    assert (int(number), texts) == (7, [None, "Süßholz", ""])
    assert ask("SELECT 7 WHERE 1 = 2", other) is None


def test_a_statement_that_fails_says_why_and_leaves_the_connection(other):
    with pytest.raises(DatabaseError, match="nowhere"):
        first_row("SELECT 1 FROM nowhere", other)
    assert first_row("SELECT 'yes'", other) == ("yes",)


def test_in_a_transaction_it_sees_what_that_has_written(other):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO pages_pageclock (id, number) VALUES (1, 7)")
        assert first_row("SELECT number FROM pages_pageclock") == (7,)
        assert first_row("SELECT number FROM pages_pageclock", other) is None


def end(database):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [database.connection.info.backend_pid])


@pytest.mark.one_database("postgres")
def test_when_the_server_has_gone_it_is_an_error_and_then_a_new_connection(other):
    other.ensure_connection()
    end(other)
    with pytest.raises(OperationalError):
        first_row("SELECT 'yes'", other)
    assert other.errors_occurred
    other.close_if_unusable_or_obsolete()
    assert first_row("SELECT 'yes'", other) == ("yes",)


@pytest.fixture
def libpq(other, monkeypatch):
    monkeypatch.setattr(rows, "_is_pooled", False)
    other.ensure_connection()
    return other.connection.pgconn


@pytest.mark.one_database("postgres")
def test_a_connection_that_knows_the_statement_is_asked_by_its_name(other, libpq):
    assert [first_row("SELECT 'yes'", other) for _ in range(3)] == [("yes",)] * 3
    assert first_row("SELECT from_sql, statement FROM pg_prepared_statements", other) == ("f", "SELECT 'yes'")
    assert not rows._is_pooled


@pytest.mark.one_database("postgres")
def test_behind_a_pooler_another_connection_may_know_the_statement_already(other, libpq):
    libpq.prepare(*rows._named("SELECT 'yes'"))
    assert first_row("SELECT 'yes'", other) == ("yes",)
    assert not rows._is_pooled


@pytest.mark.one_database("postgres")
def test_behind_a_pooler_that_changes_connections_it_is_asked_by_its_text_from_then_on(other, libpq):
    assert first_row("SELECT 'yes'", other) == ("yes",)
    libpq.exec_(b"DEALLOCATE ALL")
    assert [first_row("SELECT 'yes'", other) for _ in range(3)] == [("yes",)] * 3
    assert rows._is_pooled
    assert first_row("SELECT count(*) FROM pg_prepared_statements", other) == ("0",)


@pytest.mark.one_database("postgres")
def test_a_table_that_has_another_column_now_is_read_all_the_same(other, libpq):
    libpq.exec_(b"CREATE TEMP TABLE changing AS SELECT 1 AS number")
    assert first_row("SELECT * FROM changing", other) == ("1",)
    libpq.exec_(b"ALTER TABLE changing ADD COLUMN word text DEFAULT 'two'")
    assert [first_row("SELECT * FROM changing", other) for _ in range(2)] == [(1, "two")] * 2


@pytest.mark.one_database("postgres")
def test_as_the_first_statement_of_a_request_it_asks_whether_the_connection_lives(other):
    other.ensure_connection()
    end(other)
    other.health_check_enabled = True
    other.close_if_unusable_or_obsolete()
    assert first_row("SELECT 'yes'", other) == ("yes",)


def counted_rows(sql, params, database):
    with CaptureQueriesContext(database) as asked:
        found = all_rows(sql, params, database)
    assert len(asked) == 1
    return found


def wrapped_rows(sql, params, database):
    with database.execute_wrapper(lambda execute, *rest: execute(*rest)):
        return all_rows(sql, params, database)


@pytest.mark.parametrize("ask", [all_rows, counted_rows, wrapped_rows])
def test_all_rows_are_those_of_a_cursor(other, ask):
    union = "SELECT %s, '100%%' UNION ALL SELECT %s, '%%s' ORDER BY 1"
    assert ask(union, ["Süßholz", "Anis"], other) == [("Anis", "%s"), ("Süßholz", "100%")]
    assert ask("SELECT number FROM pages_pageclock WHERE number = %s", [7], other) == []
    with pytest.raises(DatabaseError, match="nowhere"):
        ask("SELECT 1 FROM nowhere WHERE 1 = %s", [1], other)
    assert ask("SELECT %s", ["yes"], other) == [("yes",)]


def test_all_rows_of_a_transaction_are_what_it_has_written_and_none_once_it_is_broken(other):
    question = ("SELECT number FROM pages_pageclock WHERE id = %s", [1])
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO pages_pageclock (id, number) VALUES (1, 7)")
        assert all_rows(*question, connection) == [(7,)]
        assert all_rows(*question, other) == []
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            all_rows(*question, connection)
