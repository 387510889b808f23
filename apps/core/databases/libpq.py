"""Statements given to libpq as they are, with their values beside them.

psycopg puts the values into the text for Django, so PostgreSQL plans each statement anew, and waits in Python until the
answer has come: 0.08 ms of CPU for a statement that libpq brings in 0.03, and a millisecond of planning for a long one.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from types import NoneType
from typing import Any
from uuid import UUID

from psycopg import OperationalError
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import DiagnosticField, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg.types.numeric import Int2, Int4, Int8

# Of each connection; the statements that are asked this way are few.
MOST_PREPARED = 60
_ROWS = {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK}
# Behind a pooler somebody else may have prepared a statement, whose name tells what it is; or the server has it no
# more, or its tables have changed since.
_ALREADY_THERE, _NO_LONGER_THERE = b"42P05", {b"26000", b"0A000"}
# The types of PostgreSQL that values are said to be of: a text may become whatever the statement takes it for.
_SPELT: Mapping[type, tuple[int, Callable[[Any], bytes | None]]] = {
    str: (0, str.encode),
    int: (20, lambda value: b"%d" % value),
    # What Django says of a number or a truth that stands in a query.
    Int2: (21, lambda value: b"%d" % value),
    Int4: (23, lambda value: b"%d" % value),
    Int8: (20, lambda value: b"%d" % value),
    bool: (16, lambda value: b"t" if value else b"f"),
    datetime: (1184, lambda value: value.isoformat().encode()),
    UUID: (2950, lambda value: str(value).encode()),
    NoneType: (0, lambda value: None),
}
_MARK = re.compile("%s|%%")


def is_open(database: Any) -> bool:
    """Whether a statement may be asked right now: psycopg begins a transaction with its own first statement in it, and
    libpq would commit what it is asked before.
    """
    connection = database.connection
    return bool(connection.autocommit or connection.pgconn.transaction_status != TransactionStatus.IDLE)


def can_spell(params: Sequence[Any]) -> bool:
    """Whether all values are of types that are known here; libpq would end a text at its first NUL."""
    return all(type(value) in _SPELT and not (type(value) is str and "\x00" in value) for value in params)


def rows_by_libpq(sql: str, params: Sequence[Any], database: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement. Raises psycopg's errors."""
    result = ask(sql, params, database)
    reading = Transformer(database.connection)
    reading.set_pgresult(result)
    return reading.load_rows(0, result.ntuples, tuple)


def ask(sql: str, params: Sequence[Any], database: Any) -> PGresult:
    """What libpq brings. Raises psycopg's errors.

    Outside of transactions a statement is prepared once for a connection. Should the server not know it then, as behind
    a pooler that gives each statement to another one, this connection prepares no more.
    """
    types, values = [], []
    for value in params:
        oid, spell = _SPELT[type(value)]
        types.append(oid)
        values.append(spell(value))
    text, name = _numbered(sql, tuple(types))
    result = None if database.in_atomic_block else _by_name(name, text, values, types, database)
    if result is None:
        result = database.connection.pgconn.exec_params(text, values, types)
    if result.status not in _ROWS:
        raise _error(result, database.connection)
    return result


def _by_name(name: bytes, text: bytes, values: list[bytes | None], types: list[int], database: Any) -> PGresult | None:
    """None if it has to be asked in full."""
    prepared, pgconn = database.prepared, database.connection.pgconn
    if prepared is None or (name not in prepared and len(prepared) >= MOST_PREPARED):
        return None
    if name not in prepared:
        made = pgconn.prepare(name, text, types)
        if made.status not in _ROWS and _state_of(made) != _ALREADY_THERE:
            return None  # in full it says why
        prepared.add(name)
    result: PGresult = pgconn.exec_prepared(name, values)
    if result.status in _ROWS or _state_of(result) not in _NO_LONGER_THERE:
        return result
    database.prepared = None
    return None


def _state_of(result: PGresult) -> bytes | None:
    return result.error_field(DiagnosticField.SQLSTATE)


def _error(result: PGresult, connection: Any) -> Exception:
    if connection.closed:  # the server has gone without a word about the statement
        return OperationalError(result.get_error_message())
    return error_from_result(result)


@lru_cache(maxsize=128)
def _numbered(sql: str, types: tuple[int, ...] = ()) -> tuple[bytes, bytes]:
    """The statement with numbers for its gaps, and its name: one that was prepared for numbers takes no text."""
    numbers = iter(range(1, 1 + sql.count("%s")))
    text = _MARK.sub(lambda mark: f"${next(numbers)}" if mark[0] == "%s" else "%", sql).encode()
    return text, b"stoa_" + sha256(b"%r %b" % (types, text)).hexdigest()[:24].encode()
