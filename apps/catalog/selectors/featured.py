"""The products that the shop's people chose for the start page."""

import json
from collections.abc import Sequence

from django.db.models import Q

from apps.catalog.models import Listing, Variant
from apps.catalog.selectors.lists import language
from apps.catalog.selectors.walks import Card

MOST_FEATURED = 12


def featured_misses(codes: Sequence[str]) -> list[str]:
    """Those of the codes that name nothing, or nothing that the shop shows. Two statements; none without codes."""
    return [code for code, row in _named(codes[:MOST_FEATURED]).items() if row is None]


def _named(codes: Sequence[str]) -> dict[str, Listing | None]:
    if not codes:
        return {}
    by_sku = dict(Variant.objects.filter(sku__in=codes).values_list("sku", "product_id"))
    rows = Listing.objects.filter(Q(slug__in=codes) | Q(pk__in=by_sku.values())).only("slug", "cards", "cover")
    by_key = {row.pk: row for row in rows}
    by_slug = {row.slug: row for row in rows}
    return {code: by_slug.get(code) or by_key.get(by_sku.get(code, 0)) for code in codes}


def featured_cards(codes: Sequence[str]) -> list[Card]:
    """Cards of the products that these codes (SKUs, or last parts of addresses) name, in their order, each once.

    What is not listed, or names nothing, is left out. Two statements; none without codes.
    """
    chosen = {row.pk: row for row in _named(codes[:MOST_FEATURED]).values() if row}
    return [Card(0, row.pk, row.cards.get(language(), ""), json.dumps(row.cover)) for row in chosen.values()]
