"""Queries of hot pages that Django builds and compiles once a process instead of at each use.

Building a query with a few joins and turning it into SQL takes ten times as long as the database needs to answer it.
"""

from collections.abc import Callable, Sequence
from copy import copy
from types import SimpleNamespace
from typing import Any, cast

from django.db import connection, connections
from django.db.models import Choices, QuerySet
from django.db.models.query import ModelIterable

from apps.core.databases.rows import all_rows
from apps.core.ownership import Owner

# What stands for a value while the query is compiled; no query of ours holds it otherwise.
_TEXT = "stoa stands in for text"
_NUMBER = 2**31 - 7_001


class Prepared[Row]:
    """A query of model instances or, after `values_list`, of tuples, with gaps for values: each a text or a number.

    `build` gets something that stands in for each value, of the type that `kinds` names, and puts it into the query as
    it is: it may not decide anything by it. Its text or number must reach the database unchanged, so a gap is no UUID.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], *kinds: type[str] | type[int]) -> None:
        self._build, self._kinds = build, kinds
        self._compiled: dict[str, _Compiled] = {}

    def __call__(self, *values: str | int) -> list[Row]:
        """The rows for these values, by one statement."""
        compiled = self._compiled.get(connection.vendor)
        if compiled is None:
            compiled = self._compiled[connection.vendor] = _Compiled(self._build, self._kinds)
        return cast("list[Row]", compiled.rows(values))


class PreparedForOwner[Row]:
    """A query of rows of one owner; an owner who is not known has none, which costs no statement."""

    def __init__(self, build: Callable[[Owner], QuerySet[Any, Row]]) -> None:
        self._of_user: Prepared[Row] = Prepared(lambda pk: build(Owner(user_id=pk)), int)
        self._of_guest: Prepared[Row] = Prepared(lambda key: build(Owner(guest_key=key)), str)

    def __call__(self, owner: Owner) -> list[Row]:
        if owner.user_id is not None:
            return self._of_user(owner.user_id)
        return self._of_guest(owner.guest_key) if owner.guest_key else []


class _Compiled:
    def __init__(self, build: Callable[..., QuerySet[Any]], kinds: Sequence[type]) -> None:
        stand_ins = [f"{_TEXT} {n}" if kind is str else _NUMBER + n for n, kind in enumerate(kinds)]
        queryset = build(*stand_ins)
        self.compiler: Any = queryset.query.get_compiler(connection=connection)
        self.sql, params = self.compiler.as_sql()
        # A choice is a text or a number with a name; the drivers are given that alone.
        self.params = [value.value if isinstance(value, Choices) else value for value in params]
        self._know_columns()
        self.gaps = [(at, stand_ins.index(value)) for at, value in enumerate(self.params) if value in stand_ins]
        if {gap for _, gap in self.gaps} != set(range(len(kinds))):
            raise ValueError("A value does not reach the statement as it is.")
        # What is only sorted by stands behind what was asked for.
        self.n_columns = self.compiler.col_count if self.compiler.has_extra_select else None
        self.model, self.fetch_mode = queryset.model, queryset._fetch_mode  # type: ignore[attr-defined]
        self.is_tuples = not issubclass(queryset._iterable_class, ModelIterable)  # type: ignore[attr-defined]

    def _know_columns(self) -> None:
        """Say what Django would ask of each column at each use: how its values become Python's."""
        columns = [column for column, *_ in self.compiler.select]
        converters, are_composite = self.compiler.get_converters(columns), self.compiler.has_composite_fields(columns)
        self.compiler.get_converters = lambda columns: converters
        self.compiler.has_composite_fields = lambda columns: are_composite

    def rows(self, values: Sequence[str | int]) -> list[Any]:
        params = list(self.params)
        for at, gap in self.gaps:
            params[at] = values[gap]
        # Django's own iteration over a query that is compiled already, on the connection of this thread.
        compiler = copy(self.compiler)
        compiler.connection = connections[connection.alias]  # by the proxy each value would look for it again
        rows = all_rows(self.sql, params, compiler.connection)
        if self.n_columns is not None:
            rows = [row[: self.n_columns] for row in rows]
        if self.is_tuples:
            return list(compiler.results_iter([rows], tuple_expected=True))
        compiler.execute_sql = lambda **kwargs: [rows]
        query = SimpleNamespace(get_compiler=lambda using: compiler)
        queryset = SimpleNamespace(
            db=connection.alias,
            query=query,
            model=self.model,
            _fetch_mode=self.fetch_mode,
            _known_related_objects={},
        )
        return list(ModelIterable(queryset))  # type: ignore[arg-type]
