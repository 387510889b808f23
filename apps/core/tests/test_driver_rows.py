"""Rows that are asked of the driver are those that Django's cursor would bring, and so are the errors."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, DataError, OperationalError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from psycopg.types.numeric import Int2, Int4, Int8

from apps.core.databases.libpq import MOST_PREPARED, _numbered
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
def server(other):
    other.ensure_connection()
    return other.connection.pgconn


@pytest.mark.one_database("postgres")
def test_behind_a_pooler_another_connection_may_have_prepared_the_statement(other, server):
    text, name = _numbered("SELECT 'yes'")
    server.prepare(name, text)
    assert [first_row("SELECT 'yes'", other) for _ in range(2)] == [("yes",)] * 2
    assert other.prepared == {name}


@pytest.mark.one_database("postgres")
def test_a_table_that_has_another_column_now_is_read_all_the_same(other, server):
    server.exec_(b"CREATE TEMP TABLE changing AS SELECT 1 AS number")
    assert first_row("SELECT * FROM changing", other) == ("1",)
    server.exec_(b"ALTER TABLE changing ADD COLUMN word text DEFAULT 'two'")
    assert [first_row("SELECT * FROM changing", other) for _ in range(2)] == [("1", "two")] * 2


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


def rows_planned_by_values(sql, params, database):
    return all_rows(sql, params, database, planned_by_values=True)


@pytest.mark.parametrize("ask", [all_rows, rows_planned_by_values, counted_rows, wrapped_rows])
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


QUESTION = "SELECT number FROM pages_pageclock WHERE id = %s"


def names(database):
    with database.cursor() as cursor:
        cursor.execute("SELECT name::text FROM pg_prepared_statements")
        return {name.encode() for (name,) in cursor.fetchall()}


@pytest.mark.one_database("postgres")
def test_a_statement_is_prepared_once_for_a_connection_and_its_values_are_given_beside_it(other):
    assert [all_rows(QUESTION, [number], other) for number in (1, 2**40)] == [[], []]
    assert all_rows("SELECT %s", ["'; DROP TABLE pages_pageclock; --"], other) == [
        ("'; DROP TABLE pages_pageclock; --",)
    ]
    assert (len(other.prepared), names(other)) == (2, other.prepared)


@pytest.mark.one_database("postgres")
def test_a_statement_that_is_planned_by_its_values_is_not_prepared(other):
    assert rows_planned_by_values(QUESTION, [2**40], other) == []
    assert names(other) == set()


@pytest.mark.one_database("postgres")
def test_values_of_all_kinds_arrive_as_they_are(other):
    at, key = datetime(2026, 11, 29, 12, 30, 1, 5, tzinfo=UTC), uuid4()
    statement = "SELECT %s::timestamptz, %s::uuid, %s + 1, %s, %s::boolean, %s::text"
    assert all_rows(statement, [at, key, -7, "Süßholz", True, None], other) == [(at, key, -6, "Süßholz", True, None)]
    assert all_rows(statement, [at, key, 2**40, "", None, None], other) == [(at, key, 2**40 + 1, "", None, None)]
    with pytest.raises(DataError, match="NUL"):
        all_rows("SELECT %s", ["a\x00b"], other)


@pytest.mark.one_database("postgres")
def test_a_statement_for_numbers_is_another_one_than_that_for_texts(other):
    values = [7, "seven", True, None, 2**40, Int2(8)]
    assert [all_rows("SELECT %s", [value], other) for value in values] == [[(value,)] for value in values]


@pytest.mark.one_database("postgres")
def test_what_the_server_no_longer_knows_is_asked_in_full_from_then_on(other):
    all_rows(QUESTION, [1], other)
    with other.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert all_rows(QUESTION, [1], other) == []
    assert (all_rows("SELECT %s", ["yes"], other), other.prepared, names(other)) == ([("yes",)], None, set())
    other.close()
    assert (all_rows(QUESTION, [1], other), len(other.prepared)) == ([], 1)


@pytest.mark.one_database("postgres")
def test_no_more_statements_are_prepared_than_a_server_likes_to_hold(other):
    for number in range(MOST_PREPARED + 2):
        assert all_rows(f"SELECT {number}, %s", ["yes"], other) == [(number, "yes")]
    assert len(names(other)) == MOST_PREPARED


@pytest.mark.one_database("postgres")
def test_a_prepared_statement_that_fails_says_why_and_is_prepared_still(other):
    division = "SELECT 7 / %s"
    assert all_rows(division, [7], other) == [(1,)]
    with pytest.raises(DatabaseError, match="division by zero"):
        all_rows(division, [0], other)
    assert (all_rows(division, [1], other), len(other.prepared)) == ([(7,)], 1)
    end(other)
    with pytest.raises(OperationalError):
        all_rows(division, [1], other)


@pytest.mark.one_database("postgres")
@pytest.mark.parametrize("value", ["Süßholz", "", True, 7, -7, Int2(7), Int4(-7), Int8(7), Decimal("1.50"), [1, 2]])
def test_a_value_in_a_prepared_statement_is_what_it_is_in_a_text(other, value):
    sql = "SELECT %s, 100 %% 7, number FROM (VALUES (1, 'a'), (2, 'b')) AS t (number, word) WHERE word <> %s"
    with other.cursor() as cursor:
        cursor.execute(sql, [value, "b"])
        expected = cursor.fetchall()
    assert [all_rows(sql, [value, "b"], other) for _ in range(2)] == [expected] * 2
    assert list(map(type, all_rows(sql, [value, "b"], other)[0])) == list(map(type, expected[0]))
    assert len(other.prepared) == (0 if type(value) in {Decimal, list} else 1)


@pytest.mark.django_db(transaction=True)
def test_the_first_statement_of_a_transaction_belongs_to_it():
    write = ("INSERT INTO pages_pageclock (id, number) VALUES (%s, 7) RETURNING number", [1])
    with transaction.atomic():
        assert all_rows(*write, connection) == [(7,)]
        assert all_rows(QUESTION, [1], connection) == [(7,)]
        transaction.set_rollback(True)
    assert all_rows(QUESTION, [1], connection) == []
    with transaction.atomic():
        all_rows(*write, connection)
    assert all_rows(QUESTION, [1], connection) == [(7,)]
