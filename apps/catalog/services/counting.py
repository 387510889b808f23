"""Stock as staff change it: from a page that showed a number, which may have moved since."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F

from apps.catalog.errors import StockMoved, StockPromised
from apps.catalog.models import Stock, StockMovement, Variant
from apps.catalog.services.stock import adjust_stock, set_on_hand
from apps.catalog.signals import stock_refilled
from apps.core.errors import DomainError


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


def recount_many(
    *, counts: Mapping[int, tuple[int, int]], reason: str, note: str = "", actor: Any = None
) -> dict[int, DomainError]:
    """The same of many: `counts` maps variant ids to the pieces that are expected and those that are to be there.

    Returns by variant id why some were left as they are (StockMoved, StockPromised); all others are written. Joins the
    caller's transaction, which has locked the products and publishes them next, so that all listings are locked at once
    and in their order. Costs the same number of statements however many they are.
    """
    with transaction.atomic(savepoint=False):
        Stock.objects.bulk_create([Stock(variant_id=pk) for pk in sorted(counts)], ignore_conflicts=True)
        locked = Stock.objects.select_for_update(no_key=True)
        refusals: dict[int, DomainError] = {}
        written, refilled = [], []
        for stock in locked.filter(variant_id__in=list(counts)).order_by("variant_id"):
            expected, counted = counts[stock.variant_id]
            if refusal := _refusal(stock, expected, counted):
                refusals[stock.variant_id] = refusal
                continue
            was_sold_out = not stock.can_sell(1)
            stock.on_hand = counted
            written.append((stock, counted - expected))
            if was_sold_out and stock.can_sell(1):
                refilled.append(stock.variant_id)
        _write_counts(written)
        StockMovement.objects.bulk_create(
            StockMovement(variant_id=stock.variant_id, delta=delta, reason=reason, note=note, actor=actor)
            for stock, delta in written
        )
        if refilled:
            stock_refilled.send(sender=Stock, variant_ids=refilled)
    return refusals


def _write_counts(written: Sequence[tuple[Stock, int]]) -> None:
    """One statement; if all change by the same number, one that is quick to write."""
    if len({delta for _stock, delta in written}) == 1:
        keys = [stock.pk for stock, _delta in written]
        Stock.objects.filter(pk__in=keys).update(on_hand=F("on_hand") + written[0][1])
    else:
        Stock.objects.bulk_update([stock for stock, _delta in written], ["on_hand"])


def _refusal(stock: Stock, expected: int, counted: int) -> DomainError | None:
    if stock.on_hand != expected:
        return StockMoved(stock.on_hand)
    if counted < (0 if stock.backorder else stock.reserved):
        return StockPromised(on_hand=stock.on_hand, reserved=stock.reserved, wanted=counted)
    return None
