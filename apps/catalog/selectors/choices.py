"""Lists with choices: by words, by filter values or by price. Counted as they are read, in one statement."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection, connections

from apps.catalog import search
from apps.catalog.filters import PAGE_SIZE, ListFilters
from apps.catalog.selectors.walks import ORDERS, PATH, Card, flags
from apps.core.databases.rows import all_rows

# What the rows of the one statement are.
_TOTAL, _CARD, _COUNT, _VALUE, _BRANCH = range(5)
_HAS_ONE_OF = """p.listing_id IN (
    SELECT t.listing_id FROM catalog_listing_facets t JOIN catalog_facet f ON f.id = t.facet_id
    WHERE f.option = %s AND f.value IN ({values}))"""
# CROSS JOIN tells SQLite to begin with the few rows that were found; it knows no better from its statistics.
_FACETS = "CROSS JOIN catalog_listing_facets t{more} WHERE t.listing_id = c.listing_id"
_FACET = " CROSS JOIN catalog_facet f"
# Nor does SQLite know that an index with all that is asked saves it a look at the row of each product.
_BY_FOUND = {"sqlite": " INDEXED BY catalog_placement_found", "postgresql": ""}


class Value(NamedTuple):
    """A filter value of the products that were found, whatever else is chosen."""

    pk: int
    option: str
    value: str
    position: int
    names: str
    weight: int


@dataclass(slots=True)
class Choices:
    """A page of what was found. `counts` says of each filter value how many products choosing it would show."""

    total: int = 0
    cards: list[Card] = field(default_factory=list)
    counts: dict[int, int] = field(default_factory=dict)
    # Options whose own choice is the only one: the numbers that their branch keeps are right for them.
    as_kept: frozenset[str] = frozenset()
    values: list[Value] = field(default_factory=list)
    shown: str = ""


def choose(
    filters: ListFilters, *, language: str, start: int, limit: int = PAGE_SIZE, number: int | None = None
) -> Choices:
    """What the filters find, from the row `start` on. A query without a word finds nothing.

    `number` is where the journal of page changes stands.
    """
    found = search.matches(filters.q, language, number=number) if filters.q else None
    if filters.q and found is None:
        return Choices()
    statement = _Statement(filters, found)
    statement.add_page(language, start, limit)
    as_kept = statement.add_counts()
    if found:
        statement.add_values(language)
    else:
        statement.add_branch(language)
    return statement.read(as_kept)


class _Statement:
    """One statement, put together from parts that all look at the same rows."""

    def __init__(self, filters: ListFilters, found: search.Matches | None) -> None:
        self.filters = filters
        self.found = found
        self.parts: list[str] = []
        self.params: list[str | int] = []

    def rows(self, options: list[str]) -> tuple[str, list[str | int]]:
        """Of the branch, what fits words, flags, prices and the choices among these options."""
        filters = self.filters
        params: list[str | int] = []
        sql = "SELECT p.listing_id, p.newest, p.price_up, p.price_down"
        sql += ", m.rank FROM found m CROSS JOIN" if self.found else " FROM"
        sql += " catalog_placement p"
        if self.found and not filters.category:
            sql += _BY_FOUND[connection.vendor]
        if filters.price_min is not None:
            sql += " CROSS JOIN catalog_listing l"
        # Written out, as no value leads SQLite to the index of the whole shop.
        sql += f" WHERE p.path = {PATH}" if filters.category else " WHERE p.path = ''"
        sql += flags(available=filters.available, on_sale=filters.on_sale)
        params += [filters.category] if filters.category else []
        if self.found:
            sql += " AND p.listing_id = m.product_id"
        if filters.price_min is not None:
            sql += " AND l.product_id = p.listing_id AND l.price_max >= %s"
            params.append(filters.price_min)
        if filters.price_max is not None:
            sql += " AND p.price_up <= %s"
            params.append(filters.price_max)
        for option in options:
            values = filters.facets[option]
            sql += " AND " + _HAS_ONE_OF.format(values=", ".join(["%s"] * len(values)))
            params += [option, *values]
        return sql, params

    def add(self, sql: str, *params: str | int) -> None:
        self.parts.append(sql)
        self.params += params

    def add_page(self, language: str, start: int, limit: int) -> None:
        by = ORDERS.get(self.filters.order)
        order = by.by().replace("p.", "c.") if by else "c.rank, c.newest DESC, c.listing_id DESC"
        self.add(f"SELECT {_TOTAL}, COUNT(*), 0, NULL, NULL FROM chosen")  # noqa: S608
        self.add(
            f"SELECT {_CARD}, ROW_NUMBER() OVER (ORDER BY {order}), c.listing_id, l.cards ->> %s, NULL FROM ("  # noqa: S608
            f" SELECT * FROM chosen c ORDER BY {order} LIMIT {limit} OFFSET {start}"
            ") c CROSS JOIN catalog_listing l WHERE l.product_id = c.listing_id",
            language,
        )

    def add_counts(self) -> frozenset[str]:
        """An option's own choice does not narrow the numbers beside its values, only those of other options."""
        filters = self.filters
        options = list(filters.facets)
        if self.found and not options:
            return frozenset()  # the values of what was found are counted anyway
        facets, others = _FACETS.format(more=""), ""
        if options:
            facets = _FACETS.format(more=_FACET)
            others = f" AND f.id = t.facet_id AND f.option NOT IN ({', '.join(['%s'] * len(options))})"
        self.add(
            f"SELECT {_COUNT}, t.facet_id, COUNT(*), NULL, NULL FROM chosen c {facets}{others} GROUP BY t.facet_id",  # noqa: S608
            *options,
        )
        if len(options) == 1 and not self.found and filters.price_min is None and filters.price_max is None:
            return frozenset(options)
        for option in options:
            rows, params = self.rows([other for other in options if other != option])
            self.add(
                f"SELECT {_COUNT}, t.facet_id, COUNT(*), NULL, NULL FROM ({rows}) c {_FACETS.format(more=_FACET)}"  # noqa: S608
                " AND f.id = t.facet_id AND f.option = %s GROUP BY t.facet_id",
                *params,
                option,
            )
        return frozenset()

    def add_values(self, language: str) -> None:
        """A search has values of its own: those of everything that the words find."""
        rows, params = self.rows([]) if self.filters.facets else ("SELECT * FROM chosen", [])
        self.add(
            f"SELECT {_VALUE}, v.facet_id, v.n, f.option || ' ' || f.value || ' ' || f.position,"  # noqa: S608
            " COALESCE(f.translations ->> %s, '{}') || chr10 || f.option_name || chr10 || f.value_name"
            f" FROM (SELECT t.facet_id, COUNT(*) AS n FROM ({rows}) c {_FACETS.format(more='')} GROUP BY t.facet_id) v"
            " JOIN catalog_facet f ON f.id = v.facet_id".replace("chr10", "'\n'"),
            language,
            *params,
        )

    def add_branch(self, language: str) -> None:
        self.add(
            f"SELECT {_BRANCH}, 0, 0, NULL, b.shown ->> %s FROM catalog_branch b WHERE b.path = %s",  # noqa: S608
            language,
            self.filters.category,
        )

    def read(self, as_kept: frozenset[str]) -> Choices:
        chosen, params = self.rows(list(self.filters.facets))
        tables: list[str] = []
        first: list[str | int] = []
        if self.found:
            tables.append(f"found AS MATERIALIZED ({self.found.sql})")
            first += self.found.params
        tables.append(f"chosen AS MATERIALIZED ({chosen})")
        sql = f"WITH {', '.join(tables)} {' UNION ALL '.join(self.parts)}"
        database, values = connections[DEFAULT_DB_ALIAS], [*first, *params, *self.params]
        by_kind: dict[int, list[tuple[int, int, str, str]]] = defaultdict(list)
        for row in all_rows(sql, values, database, planned_by_values=True):
            by_kind[row[0]].append(row[1:])
        return Choices(
            total=by_kind[_TOTAL][0][0],
            cards=[Card(n, pk, html) for n, pk, html, _ in sorted(by_kind[_CARD])],
            counts={pk: n for pk, n, _, _ in by_kind[_COUNT if self.filters.facets or not self.found else _VALUE]},
            as_kept=as_kept,
            values=[_value(*row) for row in by_kind[_VALUE]],
            shown=next((shown for *_, shown in by_kind[_BRANCH]), ""),
        )


def _value(pk: int, weight: int, address: str, names: str) -> Value:
    option, value, position = address.split(" ")
    return Value(pk, option, value, int(position), names, weight)
