"""Fixed statements over placements and kept counts: a list without choices, the home page and related products.

Each is a few short walks along an index, the same however many products there are, and brings finished cards.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection, connections

from apps.catalog.filters import CHEAPEST, DEAREST, NEWEST, PAGE_SIZE
from apps.core.databases.rows import all_rows


class Order(NamedTuple):
    """The column of a placement that an order goes by, its direction, and how a later row compares."""

    key: str
    direction: str
    after: str
    before: str
    back: str

    def by(self, *, backwards: bool = False) -> str:
        direction = self.back if backwards else self.direction
        return f"p.{self.key} {direction}, p.listing_id {direction}"


_UP, _DOWN = ("ASC", ">", "<", "DESC"), ("DESC", "<", ">", "ASC")
ORDERS = {
    NEWEST: Order("newest", *_DOWN),
    CHEAPEST: Order("price_up", *_UP),
    DEAREST: Order("price_down", *_DOWN),
}

# A path as it is given. SQLite would compare it with the path of the partial index of found placements, and prepare the
# statement again for every other one; what is cast it leaves alone.
PATH = "CAST(%s AS text)"
# The kept numbers of a whole branch stand under the empty key, which each database spells in its own way.
_ALL = {"sqlite": "'$.\"\"'", "postgresql": "''"}

_PAGE = """
    SELECT 0, 0, 0, b.counts ->> {all}, b.shown ->> %s FROM catalog_branch b WHERE b.path = %s
    UNION ALL
    SELECT 1, w.place, w.listing_id, l.cards ->> %s, l.slug
    FROM (
        SELECT p.listing_id, p.{key} AS place FROM catalog_placement p
        WHERE p.path = {path}{conditions} ORDER BY {order} LIMIT {limit} OFFSET %s
    ) w
    JOIN catalog_listing l ON l.product_id = w.listing_id
"""
_WALK = """
    SELECT {kind}, w.newest, w.listing_id, l.cards ->> %s, {cover} FROM (
        SELECT p.listing_id, p.newest FROM catalog_placement p
        WHERE p.path = {path}{conditions} ORDER BY p.newest DESC, p.listing_id DESC LIMIT {limit}
    ) w
    JOIN catalog_listing l ON l.product_id = w.listing_id
"""
# The tile of a category shows its newest product that has a picture.
_TILES = """
    SELECT {kind}, 0, 0, b.path || ' ' || (b.counts ->> {all}), (
        SELECT CAST(l.cover AS text) FROM catalog_placement p
        JOIN catalog_listing l ON l.product_id = p.listing_id
        WHERE p.path = b.path AND l.cover <> '{{}}' ORDER BY p.newest DESC, p.listing_id DESC LIMIT 1
    )
    FROM catalog_branch b WHERE b.path IN ({paths})
"""


class Card(NamedTuple):
    """A finished card in one language, with its place in the order of the list; a page of a branch knows its slug."""

    place: int
    listing_id: int
    html: str
    cover: str = ""
    slug: str = ""


class Way(NamedTuple):
    """Where a walk goes: a branch, conditions, and after how many products it ends."""

    path: str
    conditions: str
    limit: int


@dataclass(frozen=True, slots=True)
class Walk:
    """Cards in their order; `counts` and `shown` are what their branch keeps, "" without one."""

    cards: list[Card] = field(default_factory=list)
    counts: str = ""
    shown: str = ""


def walk(
    path: str,
    order: str,
    *,
    language: str,
    available: bool = False,
    on_sale: bool = False,
    start: int = 0,
    after: tuple[int, int] | None = None,
    before: tuple[int, int] | None = None,
    limit: int = PAGE_SIZE,
) -> Walk:
    """A page of a branch in one statement: from the row number `start`, or next to a place and a listing id."""
    by = ORDERS[order]
    conditions, places = flags(available=available, on_sale=on_sale), []
    if edge := after or before:
        sign = by.after if after else by.before
        conditions += f" AND (p.{by.key}, p.listing_id) {sign} (%s, %s)"
        places = list(edge)
    sql = _PAGE.format(
        path=PATH,
        all=_ALL[connection.vendor],
        key=by.key,
        conditions=conditions,
        order=by.by(backwards=before is not None),
        limit=limit,
    )
    branch, cards = ("", ""), []
    for kind, place, listing_id, first, second in rows(sql, [language, path, language, path, *places, start]):
        if kind:
            cards.append(Card(place, listing_id, first, slug=second))
        else:
            branch = first or "", second or ""
    # A union promises no order.
    cards.sort(key=lambda card: (card.place, card.listing_id), reverse=by.direction == "DESC")
    return Walk(cards, *branch)


def newest_of(
    ways: Sequence[Way], *, language: str, tiles: Sequence[str] | None = None
) -> tuple[list[list[Card]], dict[str, tuple[str, str]]]:
    """The newest cards of several walks in one statement.

    With `tiles` they bring their pictures too, and each of these branches that there are its kept numbers and the
    picture of its newest product.
    """
    parts: list[str] = []
    params: list[Any] = []
    cover = "NULL" if tiles is None else "CAST(l.cover AS text)"
    for kind, way in enumerate(ways):
        parts.append(_WALK.format(kind=kind, cover=cover, path=PATH, conditions=way.conditions, limit=way.limit))
        params += [language, way.path]
    found: list[list[Card]] = [[] for _ in parts]
    if tiles:
        parts.append(_TILES.format(kind=len(found), all=_ALL[connection.vendor], paths=_gaps(tiles)))
        params += tiles
    branches: dict[str, tuple[str, str]] = {}
    for kind, place, listing_id, first, second in rows(" UNION ALL ".join(parts), params):
        if kind < len(found):
            found[kind].append(Card(place, listing_id, first, second or ""))
        elif first:
            path, _, counts = first.partition(" ")
            branches[path] = counts, second or "{}"
    for cards in found:
        cards.sort(key=lambda card: (card.place, card.listing_id), reverse=True)
    return found, branches


def _gaps(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def flags(*, available: bool, on_sale: bool) -> str:
    """Conditions on a placement `p`; each is one that an index of placements knows."""
    return (" AND p.available" if available else "") + (" AND p.on_sale" if on_sale else "")


def rows(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """What a statement of the tables behind lists finds."""
    return all_rows(sql, params, connections[DEFAULT_DB_ALIAS])
