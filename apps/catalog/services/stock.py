"""Stock: what is on the shelf, what of it is promised. The only place that changes the numbers.

Locks: stock rows in ascending variant id, as the last rows of a transaction; after them only listings, whose "can be
bought" follows.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable

from apps.catalog.errors import ShortItem, SoldOut, StockNotHeld, StockPromised
from apps.catalog.extensions import holders
from apps.catalog.models import Product, Stock, StockMovement, Variant
from apps.catalog.services.publishing import publish_availability
from apps.catalog.signals import stock_refilled

Quantities = Mapping[int, int]

# So many pieces or fewer, and the page of the product says how many are left.
LAST_PIECES = 5


def hold_stock(*, quantities: Quantities) -> None:
    """Promise pieces to an order: `quantities` maps variant ids to pieces, each 1 or more.

    Belongs into the caller's transaction, as its last step. Raises SoldOut, naming everything that is short; the caller
    lets its transaction roll back, and nothing is changed then.
    """
    stocks = _lock(quantities)
    short = _short_items(quantities, stocks)
    if short or _reserve(quantities) != len(quantities):
        raise SoldOut(short or _short_items(quantities, _lock(quantities)))
    emptied = [
        stock.variant.product_id
        for variant_id, stock in stocks.items()
        if not stock.backorder and stock.available == quantities[variant_id]
    ]
    publish_availability(emptied, counted=_counted(stocks, taken=quantities))


def free_stock(*, quantities: Quantities) -> None:
    """Take a promise back: the pieces can be sold again. Raises StockNotHeld, then nothing is changed."""
    with transaction.atomic():
        stocks = _lock(quantities)
        _take_back(quantities, stocks, on_hand=False)
        _refilled(stocks)


def consume_stock(*, quantities: Quantities, order_ref: str, actor: Any = None) -> None:
    """Held pieces leave the shelf with a shipment. Raises StockNotHeld, then nothing is changed."""
    _take_out(quantities, StockMovement.Reason.SALE, order_ref, actor)


def write_off_held_stock(*, quantities: Quantities, order_ref: str, actor: Any = None) -> None:
    """Held pieces leave the shelf unsold, as after a cancelled order whose goods are lost or broken.

    Raises StockNotHeld, then nothing is changed.
    """
    _take_out(quantities, StockMovement.Reason.LOSS, order_ref, actor)


def return_stock(*, quantities: Quantities, order_ref: str, actor: Any = None) -> None:
    """Pieces that were shipped came back and can be sold again."""
    with transaction.atomic():
        stocks = _lock(quantities)
        Stock.objects.filter(variant_id__in=list(quantities)).update(on_hand=F("on_hand") + _pieces(quantities))
        StockMovement.objects.bulk_create(
            StockMovement(
                variant_id=pk, delta=pieces, reason=StockMovement.Reason.RETURN, order_ref=order_ref, actor=actor
            )
            for pk, pieces in sorted(quantities.items())
        )
        _refilled(stocks)


def adjust_stock(*, variant: Variant, delta: int, reason: str, note: str = "", actor: Any = None) -> Stock:
    """Add pieces to the shelf, or take away with a negative `delta`, and write down why.

    Raises StockPromised if fewer would be left than are promised to orders; nothing is changed then.
    """
    with transaction.atomic():
        stock = _lock_one(variant)
        return _count(stock, stock.on_hand + delta, reason=reason, note=note, actor=actor)


def set_on_hand(*, variant: Variant, counted: int, reason: str, note: str = "", actor: Any = None) -> Stock:
    """Write down a stock take: `counted` pieces are on the shelf. Raises StockPromised like `adjust_stock`."""
    with transaction.atomic():
        return _count(_lock_one(variant), counted, reason=reason, note=note, actor=actor)


def set_backorder(*, variant: Variant, backorder: bool) -> Stock:
    """Allow or end selling beyond the shelf. Raises StockPromised if more is promised than there is."""
    with transaction.atomic():
        stock = _lock_one(variant)
        if not backorder and stock.reserved > stock.on_hand:
            raise _promised(stock, stock.on_hand)
        was_sold_out = not stock.can_sell(1)
        stock.backorder = backorder
        stock.save(update_fields=["backorder"])
        publish_availability([variant.product_id], counted=[variant.product_id])
        if was_sold_out and backorder:
            stock_refilled.send(sender=Stock, variant_ids=[variant.pk])
    return stock


def lock_with_stock(product_ids: Iterable[int]) -> None:
    """Lock products and the stock of all their variants, for who publishes products before their stock is counted.

    Belongs into the caller's transaction, before anything is published there: a buyer locks stock first, then listings
    and the journal of pages, and each would wait for the other. SQLite has locked everything at BEGIN already.
    """
    ids = sorted(set(product_ids))
    list(Product.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))
    stocks = Stock.objects.select_for_update(no_key=True, of=("self",)).filter(variant__product__in=ids)
    list(stocks.order_by("variant_id").values_list("pk"))


def _lock(quantities: Quantities) -> dict[int, Stock]:
    """The stock rows, locked in ascending variant id. SQLite has locked everything at BEGIN already."""
    if not quantities or min(quantities.values()) < 1:
        raise ValueError("Quantities are whole pieces, one or more.")
    rows = (
        Stock.objects.select_for_update(no_key=True, of=("self",))
        .select_related("variant")
        .filter(variant_id__in=list(quantities))
        .order_by("variant_id")
    )
    return {stock.variant_id: stock for stock in rows}


def _pieces(quantities: Quantities) -> Combinable:
    """How many pieces of the row at hand, as SQL, so that one statement changes every row of an order."""
    cases = [When(variant_id=pk, then=Value(quantities[pk])) for pk in sorted(quantities)]
    return Case(*cases, default=Value(0), output_field=IntegerField())


def _reserve(quantities: Quantities) -> int:
    """The conditional UPDATE that never promises more than there is; returns for how many variants it could."""
    pieces = _pieces(quantities)
    return (
        Stock.objects.filter(variant_id__in=list(quantities))
        .filter(Q(backorder=True) | Q(on_hand__gte=F("reserved") + pieces))
        .update(reserved=F("reserved") + pieces)
    )


def _short_items(quantities: Quantities, stocks: Mapping[int, Stock]) -> list[ShortItem]:
    short = [pk for pk, wanted in quantities.items() if pk not in stocks or not stocks[pk].can_sell(wanted)]
    if not short:
        return []
    skus = dict(Variant.objects.filter(pk__in=short).values_list("pk", "sku"))
    return [
        ShortItem(pk, skus.get(pk, ""), quantities[pk], stocks[pk].available if pk in stocks else 0)
        for pk in sorted(short)
    ]


def _take_out(quantities: Quantities, reason: str, order_ref: str, actor: Any) -> None:
    with transaction.atomic():
        _take_back(quantities, _lock(quantities), on_hand=True)
        StockMovement.objects.bulk_create(
            StockMovement(variant_id=pk, delta=-pieces, reason=reason, order_ref=order_ref, actor=actor)
            for pk, pieces in sorted(quantities.items())
        )


def _take_back(quantities: Quantities, stocks: Mapping[int, Stock], *, on_hand: bool) -> None:
    for pk, wanted in quantities.items():
        if pk not in stocks or stocks[pk].reserved < wanted:
            raise StockNotHeld(stocks[pk].variant.sku if pk in stocks else str(pk))
    pieces = _pieces(quantities)
    changes = {"reserved": F("reserved") - pieces}
    if on_hand:
        changes["on_hand"] = F("on_hand") - pieces
    Stock.objects.filter(variant_id__in=list(quantities)).update(**changes)


def _counted(stocks: Mapping[int, Stock], taken: Quantities | None = None) -> list[int]:
    """Products of which the page has told the number of pieces, or will when these are taken."""
    return [
        stock.variant.product_id
        for pk, stock in stocks.items()
        if stock.available - (taken[pk] if taken else 0) <= LAST_PIECES
    ]


def _lock_one(variant: Variant) -> Stock:
    Stock.objects.get_or_create(variant=variant)
    return Stock.objects.select_for_update(no_key=True).get(variant=variant)


def _count(stock: Stock, on_hand: int, *, reason: str, note: str, actor: Any) -> Stock:
    delta = on_hand - stock.on_hand
    if on_hand < (0 if stock.backorder else stock.reserved):
        raise _promised(stock, on_hand)
    if not delta:
        return stock
    was_sold_out = not stock.can_sell(1)
    stock.on_hand = on_hand
    stock.save(update_fields=["on_hand"])
    StockMovement.objects.create(variant_id=stock.variant_id, delta=delta, reason=reason, note=note, actor=actor)
    low = min(stock.available, stock.available - delta) <= LAST_PIECES
    publish_availability([stock.variant.product_id], counted=[stock.variant.product_id] if low else [])
    if was_sold_out and stock.can_sell(1):
        stock_refilled.send(sender=Stock, variant_ids=[stock.variant_id])
    return stock


def _refilled(stocks: Mapping[int, Stock]) -> None:
    """Pieces were added to these; of some nothing was left before."""
    empty = [stock for stock in stocks.values() if not stock.available]
    publish_availability([stock.variant.product_id for stock in empty], counted=_counted(stocks))
    sold_out = sorted(stock.variant_id for stock in empty if not stock.backorder)
    if sold_out:
        stock_refilled.send(sender=Stock, variant_ids=sold_out)


def _promised(stock: Stock, wanted: int) -> StockPromised:
    return StockPromised(
        on_hand=stock.on_hand, reserved=stock.reserved, wanted=wanted, orders=holders(stock.variant_id)
    )
