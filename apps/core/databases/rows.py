"""Rows asked of the driver itself, for what is asked again and again: Django's cursor takes as long once more."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX

from apps.core.databases.libpq import ask, can_spell, is_open, rows_by_libpq


def first_row(sql: str, database: Any = None) -> tuple[Any, ...] | None:
    """The first row of a statement without values, None if there is none. Each value is text, number or None, as its
    driver has it: libpq knows text only.

    Raises Django's errors. Whoever counts, wraps or logs statements, and a transaction, get a cursor of Django.
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
        result = ask(sql, (), database)
    if not result.ntuples:
        return None
    values = [result.get_value(0, column) for column in range(result.nfields)]
    return tuple([None if value is None else value.decode() for value in values])


def all_rows(
    sql: str, params: Sequence[Any], database: Any, *, planned_by_values: bool = False
) -> list[tuple[Any, ...]]:
    """The rows of a statement that Django compiled for this database, as `fetchall` of a cursor brings them.

    `planned_by_values` for one that has too many wordings to prepare each, or a plan that depends on the values.

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
        if database.vendor != "postgresql":
            rows = database.connection.execute(_with_question_marks(sql), params).fetchall()
        elif not planned_by_values and is_open(database) and can_spell(params):
            rows = rows_by_libpq(sql, params, database)
        else:
            with database.create_cursor() as cursor:
                rows = cursor.execute(sql, params).fetchall()
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
