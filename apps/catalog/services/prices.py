"""The ledger of prices, and what a reduction has to be compared with.

Whoever says that a price is reduced must say the lowest one of the 30 days before (directive 98/6/EC, article 6a); a
percentage must start from that one, not from a price that was asked at some other time.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone

from apps.catalog.models import PriceChange, Product, Variant

BATCH = 500
WINDOW = timedelta(days=30)


def note_prices(products: Iterable[Product]) -> list[Variant]:
    """Note what is asked for the variants of visible products, where it has changed since they were last published.

    A reduction begins when the price or "reduced" changes; what was lowest before it stays the same until the next one.
    Writes the ledger; returns the variants whose `asked` is another one now, which the caller stores.
    """
    variants = [variant for product in products if product.is_visible for variant in product.variants.all()]
    changed = [variant for variant in variants if not _is_noted(variant)]
    if not changed:
        return []
    now = timezone.now()
    history = _history([variant.pk for variant in changed if variant.asked], now - WINDOW)
    noted = []
    for variant in changed:
        prices = history[variant.pk]
        if not prices or prices[-1] != variant.price:
            noted.append(PriceChange(variant=variant, price=variant.price, at=now))
        variant.asked = {**_asked(variant), "lowest": _lowest(variant, prices)}
    PriceChange.objects.bulk_create(noted, batch_size=BATCH)
    return changed


def _asked(variant: Variant) -> dict[str, Any]:
    return {"price": variant.price, "reduced": variant.compare_at_price is not None}


def _is_noted(variant: Variant) -> bool:
    return all(variant.asked.get(key, "") == value for key, value in _asked(variant).items())


def _lowest(variant: Variant, prices: Sequence[int | None]) -> int | None:
    known = [price for price in prices if price is not None]
    return min(known) if known and variant.compare_at_price is not None else None


def _history(variant_ids: Sequence[int], since: datetime) -> dict[int, list[int | None]]:
    """The prices in force from `since` on, oldest first: the one of that moment and those that came after."""
    history: dict[int, list[int | None]] = defaultdict(list)
    if not variant_ids:
        return history
    changes = PriceChange.objects.filter(variant_id__in=variant_ids).order_by("at", "pk")
    before = changes.filter(at__lte=since).order_by().values("variant_id").annotate(last=Max("pk"))
    standing = changes.filter(pk__in=list(before.values_list("last", flat=True)))
    for variant_id, price in [
        *standing.values_list("variant_id", "price"),
        *changes.filter(at__gt=since).values_list("variant_id", "price"),
    ]:
        history[variant_id].append(price)
    return history
