"""What must always hold of the catalogue; `manage.py audit` runs it."""

from collections.abc import Callable, Iterable, Iterator

from django.db.models import Exists, F, IntegerField, Max, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from apps.catalog.models import Listing, Product, Stock, StockMovement, Variant


def shelf_is_the_sum_of_movements() -> Iterator[str]:
    moved = (
        StockMovement.objects.filter(variant=OuterRef("variant"))
        .order_by()
        .values("variant")
        .annotate(total=Sum("delta"))
        .values("total")
    )
    rows = Stock.objects.annotate(moved=Coalesce(Subquery(moved, output_field=IntegerField()), 0))
    for sku, on_hand, total in rows.exclude(on_hand=F("moved")).values_list("variant__sku", "on_hand", "moved"):
        yield f"{sku}: {on_hand} on hand, but the movements add up to {total}"


def never_oversold() -> Iterator[str]:
    broken = Q(reserved__lt=0) | Q(backorder=False, reserved__gt=F("on_hand"))
    for sku, on_hand, reserved in Stock.objects.filter(broken).values_list("variant__sku", "on_hand", "reserved"):
        yield f"{sku}: {reserved} promised of {on_hand}"


def listings_are_the_visible_products() -> Iterator[str]:
    unlisted = Product.objects.visible().filter(~Exists(Listing.objects.filter(product=OuterRef("pk"))))
    for slug in unlisted.values_list("slug", flat=True):
        yield f"{slug} is visible but not listed"
    hidden = Listing.objects.exclude(product__status=Product.Status.ACTIVE)
    for slug in hidden.values_list("slug", flat=True):
        yield f"{slug} is listed but not visible"


def listings_tell_price_and_availability() -> Iterator[str]:
    priced = Variant.objects.filter(product=OuterRef("pk"), price__isnull=False).order_by()
    prices = priced.values("product")
    sellable = priced.filter(Q(stock__backorder=True) | Q(stock__on_hand__gt=F("stock__reserved")))
    rows = Listing.objects.annotate(
        low=Subquery(prices.annotate(low=Min("price")).values("low")),
        high=Subquery(prices.annotate(high=Max("price")).values("high")),
        sellable=Exists(sellable),
    ).values_list("slug", "price_min", "low", "price_max", "high", "available", "sellable")
    for slug, price_min, low, price_max, high, available, can_sell in rows.iterator():
        if (price_min, price_max) != (low, high):
            yield f"{slug} is listed for {price_min} to {price_max}, its variants cost {low} to {high}"
        if available != can_sell:
            yield f"{slug} is listed as {'available' if available else 'sold out'}, its stock says otherwise"


CHECKS: dict[str, Callable[[], Iterable[str]]] = {
    "shelf_is_the_sum_of_movements": shelf_is_the_sum_of_movements,
    "never_oversold": never_oversold,
    "listings_are_the_visible_products": listings_are_the_visible_products,
    "listings_tell_price_and_availability": listings_tell_price_and_availability,
}
