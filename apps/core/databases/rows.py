"""One row by one statement, asked of the driver itself: a third to a half of what Django's cursor takes."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.pq import ExecStatus


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
        result = database.connection.pgconn.exec_(sql.encode())
    if result.status != ExecStatus.TUPLES_OK:
        return _by_cursor(sql, database)
    if not result.ntuples:
        return None
    values = (result.get_value(0, column) for column in range(result.nfields))
    return tuple(None if value is None else value.decode() for value in values)


def _by_cursor(sql: str, database: Any) -> tuple[Any, ...] | None:
    with database.cursor() as cursor:
        cursor.execute(sql)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row
