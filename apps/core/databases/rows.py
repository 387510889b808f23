"""Rows asked of the driver itself, for what is asked again and again: Django's cursor takes as long once more."""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX
from psycopg import Connection
from psycopg.pq import DiagnosticField, ExecStatus
from psycopg.pq.abc import PGresult


def first_row(sql: str, database: Any = None) -> tuple[Any, ...] | None:
    """The first row of a statement without values, None if there is none. Each value is text, number or None, as its
    driver has it: libpq knows text only.

    Raises Django's errors. Whoever counts, wraps or logs statements, and a transaction, get a cursor of Django; so does
    a statement that PostgreSQL refused, to say why.
    """
    database = database or connections[DEFAULT_DB_ALIAS]
    if database.in_atomic_block or database.queries_logged or database.execute_wrappers:
        return _by_cursor(sql, database)
    database.close_if_health_check_failed()
    database.ensure_connection()
    with database.wrap_database_errors:
        if database.vendor != "postgresql":
            row: tuple[Any, ...] | None = database.connection.execute(sql).fetchone()
            return row
        result = _result(sql, database.connection)
    if result.status != ExecStatus.TUPLES_OK:
        return _by_cursor(sql, database)
    if not result.ntuples:
        return None
    values = [result.get_value(0, column) for column in range(result.nfields)]
    return tuple([None if value is None else value.decode() for value in values])


# Whether a pooler gives each statement another connection to PostgreSQL, which does not know what was prepared.
_is_pooled = False


def _result(sql: str, connection: Connection[Any]) -> PGresult:
    """What libpq brings, of a statement that is parsed and planned once for each connection if that can be."""
    global _is_pooled
    name, query = _named(sql)
    if _is_pooled:
        return connection.pgconn.exec_(query)
    prepared = connection.__dict__.setdefault("_stoa_prepared", set())
    if name not in prepared:
        made = connection.pgconn.prepare(name, query)
        # Behind a pooler it may be there already: its name tells what it is.
        if made.status != ExecStatus.COMMAND_OK and _state_of(made) != _ALREADY_THERE:
            return made
        prepared.add(name)
    result = connection.pgconn.exec_prepared(name, None)
    if result.status != ExecStatus.TUPLES_OK and _state_of(result) == _NOT_THERE:
        _is_pooled = True
        return connection.pgconn.exec_(query)
    return result


def _state_of(result: PGresult) -> bytes | None:
    return result.error_field(DiagnosticField.SQLSTATE)


_NOT_THERE, _ALREADY_THERE = b"26000", b"42P05"


@lru_cache(maxsize=64)
def _named(sql: str) -> tuple[bytes, bytes]:
    """A name that no other statement has, and the statement, as libpq wants them."""
    return f"stoa_{sha256(sql.encode()).hexdigest()[:32]}".encode(), sql.encode()


def all_rows(sql: str, params: Sequence[Any], database: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement that Django compiled for this database, as `fetchall` of a cursor brings them.

    Raises Django's errors. Whoever counts, wraps or logs statements gets a cursor of Django; so does a transaction that
    is broken, to be told.
    """
    if database.queries_logged or database.execute_wrappers or database.needs_rollback:
        with database.cursor() as cursor:
            cursor.execute(sql, params)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows
    database.close_if_health_check_failed()
    database.ensure_connection()
    with database.wrap_database_errors:
        if database.vendor == "postgresql":
            with database.create_cursor() as cursor:
                rows = cursor.execute(sql, params).fetchall()
        else:
            rows = database.connection.execute(_with_question_marks(sql), params).fetchall()
    return rows


@lru_cache(maxsize=64)
def _with_question_marks(sql: str) -> str:
    """As SQLite wants it: what Django does at each use."""
    return FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%")


def _by_cursor(sql: str, database: Any) -> tuple[Any, ...] | None:
    with database.cursor() as cursor:
        cursor.execute(sql)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row
