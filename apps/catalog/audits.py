"""What must always hold of the catalogue; `manage.py audit` runs it."""

from collections.abc import Callable, Iterable, Iterator
from itertools import batched

from django.db.models import Exists, F, IntegerField, Max, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import override

from apps.catalog.bodies import Body, body_of, body_version
from apps.catalog.cards import card_version, cards_of
from apps.catalog.models import (
    Branch,
    Listing,
    Placement,
    PriceChange,
    Product,
    ProductBody,
    Stock,
    StockMovement,
    Variant,
)
from apps.catalog.selectors.product import product_page
from apps.catalog.services.branches import count_all
from apps.catalog.services.placements import placements_of


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


def listings_hold_the_card_of_their_product() -> Iterator[str]:
    version = card_version()
    for listing in Listing.objects.iterator(chunk_size=200):
        if listing.card_version != version:
            yield f"{listing.slug} has a card of an older release; run `manage.py reindex --stale`"
        elif listing.cards != cards_of(listing):
            yield f"{listing.slug} has a card that does not show its listing"


def finished_pages_show_their_product() -> Iterator[str]:
    """Of a thousand, others each time: making a page takes two milliseconds."""
    finished = ProductBody.objects.filter(made_in=body_version(), listing__product__status=Product.Status.ACTIVE)
    rows = finished.order_by("?").values_list("listing__slug", "language", "content")
    for slug, language, content in rows[:1000]:
        with override(language):
            if Body.unpacked(bytes(content)) != body_of(product_page(slug)):
                yield f"{slug} has a finished page ({language}) that does not show it"


def listings_stand_in_every_branch_of_their_path() -> Iterator[str]:
    for listings in batched(Listing.objects.defer("cards").iterator(chunk_size=500), 500, strict=False):
        stored: dict[int, dict[str, Placement]] = {listing.pk: {} for listing in listings}
        for row in Placement.objects.filter(listing_id__in=list(stored)):
            stored[row.listing_id][row.path] = row
        for listing in listings:
            wanted = {row.path: _place(row) for row in placements_of(listing)}
            if {path: _place(row) for path, row in stored[listing.pk].items()} != wanted:
                yield f"{listing.slug} stands in lists where or how it should not"


def _place(row: Placement) -> tuple[object, ...]:
    return row.newest, row.price_up, row.price_down, row.available, row.on_sale


def kept_counts_are_what_counting_gives() -> Iterator[str]:
    kept = {path: counts for path, counts in Branch.objects.values_list("path", "counts") if counts}
    counted = count_all()
    for path in sorted({*kept, *counted}):
        if kept.get(path, {}) != counted.get(path, {}):
            yield f"the counts of {path or 'the whole shop'} are not those of its products; run `manage.py reindex`"


def prices_without_an_entry() -> Iterator[str]:
    last = PriceChange.objects.filter(variant=OuterRef("pk")).order_by("-at", "-pk")
    offered = Variant.objects.filter(product__status=Product.Status.ACTIVE).exclude(asked={})
    noted = offered.annotate(noted=Subquery(last.values("price")[:1]), entry=Exists(last))
    for sku, asked, price, entry in noted.values_list("sku", "asked", "noted", "entry").iterator():
        if not entry or asked["price"] != price:
            yield f"{sku} was offered at {asked['price']}, the ledger says {price if entry else 'nothing'}."


CHECKS: dict[str, Callable[[], Iterable[str]]] = {
    "shelf_is_the_sum_of_movements": shelf_is_the_sum_of_movements,
    "never_oversold": never_oversold,
    "listings_are_the_visible_products": listings_are_the_visible_products,
    "listings_tell_price_and_availability": listings_tell_price_and_availability,
    "listings_hold_the_card_of_their_product": listings_hold_the_card_of_their_product,
    "finished_pages_show_their_product": finished_pages_show_their_product,
    "listings_stand_in_every_branch_of_their_path": listings_stand_in_every_branch_of_their_path,
    "kept_counts_are_what_counting_gives": kept_counts_are_what_counting_gives,
    "prices_are_in_their_ledger": prices_without_an_entry,
}
