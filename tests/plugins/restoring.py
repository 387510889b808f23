"""What a committing test leaves behind is taken away again, table by table.

Django would empty all tables after each such test and fill those of permissions anew, which takes longer than most of
these tests, and it would lose the rows that migrations wrote. Here only tables that hold something else than after the
migrations are touched, in one transaction: foreign keys are looked at when it ends.
"""

import pytest

_migrated: dict[str, list[tuple]] = {}  # the rows of each table that is not empty in a migrated database


def _filled_tables(cursor, connection):
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    asked = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(table)})" for table in tables)
    cursor.execute(" UNION ALL ".join(asked))
    return [table for (table,) in cursor.fetchall()]


def _rows(cursor, table):
    cursor.execute(f"SELECT * FROM {table}")
    return sorted(cursor.fetchall(), key=repr)


def remember_migrated_rows(connection):
    if not _migrated:
        with connection.cursor() as cursor:
            for table in _filled_tables(cursor, connection):
                _migrated[table] = _rows(cursor, connection.ops.quote_name(table))


def restore_migrated_rows(connection):
    from django.db import transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for table in {*_filled_tables(cursor, connection), *_migrated}:
            name, rows = connection.ops.quote_name(table), _migrated.get(table, [])
            if rows and _rows(cursor, name) == rows:
                continue
            cursor.execute(f"DELETE FROM {name}")
            if rows:
                values = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f"INSERT INTO {name} VALUES ({values})", rows)


@pytest.fixture(scope="session", autouse=True)
def _committing_tests_are_undone():
    """pytest-django derives each committing test from this class of Django's."""
    from django.db import connection
    from django.test import TransactionTestCase

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_setup", lambda *a: remember_migrated_rows(connection))
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: restore_migrated_rows(connection))
        yield
