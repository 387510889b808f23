"""What a product's page has beside what is read of the product itself: its finished part, and its neighbours."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection

from apps.catalog.bodies import Body, body_language, body_version
from apps.catalog.selectors.walks import Card, flags, rows

RELATED, MOST_COMPANIONS = 4, 4
_ROOT = {"sqlite": "substr(c.path, 1, instr(c.path || '/', '/') - 1)", "postgresql": "split_part(c.path, '/', 1)"}
_COMPANIONS = {
    "sqlite": "SELECT value FROM it, json_each(it.companions)",
    "postgresql": "SELECT value::bigint FROM it, jsonb_array_elements_text(it.companions) AS value",
}
# A draft has no listing, and so no body even if one was made of it before. Which form a body has is compared by who
# reads it: as a condition it would lead SQLite through all that have the right one.
_AROUND = """
    WITH it AS (
        SELECT p.id, p.companions, c.path, {root} AS root
        FROM catalog_product p LEFT JOIN catalog_category c ON c.id = p.category_id WHERE p.slug = %s
    )
    SELECT 0, 0, 0, it.id, it.path, b.made_in, b.content FROM it
    LEFT JOIN catalog_listing l ON l.product_id = it.id
    LEFT JOIN catalog_productbody b ON b.listing_id = l.product_id AND b.language = %s
    UNION ALL
    SELECT 1, 0, 0, l.product_id, l.cards ->> %s, NULL, NULL
    FROM catalog_listing l WHERE l.product_id IN ({companions})
    UNION ALL
    SELECT 2, w.kind, w.newest, w.listing_id, l.cards ->> %s, NULL, NULL FROM (
        SELECT listing_id, newest, MIN(kind) AS kind FROM ({walks}) found
        WHERE listing_id NOT IN (SELECT id FROM it UNION ALL {companions})
        GROUP BY listing_id, newest ORDER BY 3, newest DESC, listing_id DESC LIMIT {limit}
    ) w
    JOIN catalog_listing l ON l.product_id = w.listing_id
"""
_WALK = """
    SELECT * FROM (
        SELECT {kind} AS kind, p.newest, p.listing_id FROM catalog_placement p
        WHERE p.path = (SELECT {branch} FROM it){conditions} ORDER BY p.newest DESC, p.listing_id DESC LIMIT {limit}
    ) w{kind}
"""


@dataclass(frozen=True, slots=True)
class Around:
    """`body` is None until it is finished. `path` is that of the product's category, "" without one."""

    body: Body | None
    path: str
    related: list[Card]
    _companions: dict[int, Card]

    def bought_together(self, companions: Iterable[int]) -> list[Card]:
        """The cards of these that are visible, in the same order."""
        return [self._companions[pk] for pk in companions if pk in self._companions]


def around_product(slug: str) -> Around:
    """Of the product with this address, visible or not, in one statement; empty if there is none.

    Related is what is of the same category first, then of its whole branch; what can be bought before the rest, and
    nothing that is bought with it, as that is shown above.
    """
    language, sql = body_language(), _wording(connection.vendor)
    body, path, companions, related = None, "", {}, []
    for part, kind, newest, pk, text, made_in, content in rows(sql, [slug, language, language, language]):
        if part == 0:
            path, body = text or "", _body(made_in, content)
        elif part == 1:
            companions[pk] = Card(0, pk, text)
        else:
            related.append((kind, -newest, -pk, text))
    cards = [Card(-newest, -pk, html) for _, newest, pk, html in sorted(related)]
    return Around(body, path, cards, companions)


def _body(made_in: str | None, content: Any) -> Body | None:
    return Body.unpacked(bytes(content)) if made_in and made_in == body_version() else None


@lru_cache
def _wording(vendor: str) -> str:
    """The statement on one line: if it is longer than 4,096 signs, psycopg takes it to pieces anew each time."""
    sql = _AROUND.format(root=_ROOT[vendor], companions=_COMPANIONS[vendor], walks=_walks(), limit=RELATED)
    return " ".join(sql.split())


def _walks() -> str:
    conditions = (flags(available=True, on_sale=False), "")
    ways = [(branch, condition) for branch in ("path", "root") for condition in conditions]
    # So many, because the product itself and what is bought with it are among them.
    limit = RELATED + MOST_COMPANIONS + 1
    walks = (
        _WALK.format(kind=kind, branch=branch, conditions=condition, limit=limit)
        for kind, (branch, condition) in enumerate(ways)
    )
    return " UNION ALL ".join(walks)
