"""What is offered while somebody types a search: a few products, in one statement, and categories."""

import json
from dataclasses import dataclass, field

from django.db import connection

from apps.catalog import search
from apps.catalog.models import Listing
from apps.catalog.selectors.categories import CategoryNode, CategoryTree
from apps.catalog.selectors.lists import language

MOST_PRODUCTS, MOST_CATEGORIES = 6, 3
SHORTEST = 2
# The best ones are chosen among these.
CANDIDATES = 60

_SQL = """
    WITH found AS MATERIALIZED ({found})
    SELECT w.n, l.slug, l.title, CAST(l.translations AS text), CAST(l.cover AS text),
        l.price_min, l.price_max, l.compare_at
    FROM (
        SELECT p.listing_id, ROW_NUMBER() OVER (ORDER BY m.rank, p.newest DESC, p.listing_id DESC) AS n
        FROM found m JOIN catalog_placement p ON p.listing_id = m.product_id AND p.path = ''
        ORDER BY n LIMIT {products}
    ) w
    JOIN catalog_listing l ON l.product_id = w.listing_id
"""


@dataclass(frozen=True, slots=True)
class Suggestions:
    products: list[Listing] = field(default_factory=list)
    categories: list[CategoryNode] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.products) + len(self.categories)


def suggestions(q: str, tree: CategoryTree, *, number: int | None = None) -> Suggestions:
    """The products that a search would show first, as listings with what a line shows, and categories named alike.

    `number` is where the journal of page changes stands, for those who know it already.
    """
    found = search.matches(q, language(), number=number, most=CANDIDATES) if len(q) >= SHORTEST else None
    if found is None:
        return Suggestions()
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(found=found.sql, products=MOST_PRODUCTS), found.params)
        products = [_listing(*row) for _, *row in sorted(cursor.fetchall())]
    near = search.near_names(q, {node.path: node.name for node in tree.nodes.values()}, limit=MOST_CATEGORIES)
    return Suggestions(products, [tree.nodes[path] for path in near])


def _listing(slug: str, title: str, translations: str, cover: str, *prices: int | None) -> Listing:
    price_min, price_max, compare_at = prices
    return Listing(
        slug=slug,
        title=title,
        translations=json.loads(translations),
        cover=json.loads(cover),
        price_min=price_min,
        price_max=price_max,
        compare_at=compare_at,
    )
