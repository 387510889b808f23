"""Stock as staff change it: from a page that showed a number, which may have moved since."""

from typing import Any

from django.db import transaction

from apps.catalog.errors import StockMoved
from apps.catalog.models import Stock, Variant
from apps.catalog.services.stock import adjust_stock, set_on_hand


def recount(
    *,
    variant: Variant,
    expected: int,
    delta: int | None = None,
    counted: int | None = None,
    reason: str,
    note: str = "",
    actor: Any = None,
) -> Stock:
    """Add `delta` pieces, or write down that `counted` are there, if still `expected` are on hand.

    Raises StockMoved if not, and StockPromised if fewer would be left than are promised; nothing is changed then.
    """
    with transaction.atomic():
        stock = Stock.objects.select_for_update(no_key=True).get(variant=variant)
        if stock.on_hand != expected:
            raise StockMoved(stock.on_hand)
        if counted is not None:
            return set_on_hand(variant=variant, counted=counted, reason=reason, note=note, actor=actor)
        return adjust_stock(variant=variant, delta=delta or 0, reason=reason, note=note, actor=actor)
