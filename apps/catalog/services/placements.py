"""Where a listing stands: a row for each branch of the category tree that holds it, and one for the whole shop."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from apps.catalog.models import Listing, Placement

ON_REQUEST = 2**62
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIELDS = ["newest", "price_up", "price_down", "available", "on_sale"]


def branches_of(category_path: str) -> list[str]:
    """ "kitchen/mugs/" is in the whole shop, in "kitchen" and in "kitchen/mugs"."""
    parts = category_path.split("/")[:-1]
    return ["", *("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))]


def microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def price_place(listing: Listing) -> int:
    """Where it stands in a list that begins with the cheapest."""
    return ON_REQUEST if listing.price_min is None else listing.price_min


def placement_key(listing: Listing) -> tuple[object, ...]:
    """What its placements depend on."""
    return (
        listing.category_path,
        listing.published_at,
        listing.price_min,
        listing.available,
        listing.on_sale,
    )


def placements_of(listing: Listing) -> list[Placement]:
    price = listing.price_min
    return [
        Placement(
            listing_id=listing.product_id,
            path=path,
            newest=microseconds(listing.published_at),
            price_up=price_place(listing),
            price_down=-1 if price is None else price,
            available=listing.available,
            on_sale=listing.on_sale,
        )
        for path in branches_of(listing.category_path)
    ]


def write_placements(listings: Iterable[Listing], left: Sequence[int] = ()) -> None:
    """Write the rows of new and changed listings; `left` are those that are in other branches than before."""
    if left:
        Placement.objects.filter(listing__in=left).delete()
    rows = [row for listing in listings for row in placements_of(listing)]
    if rows:
        Placement.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["listing", "path"], update_fields=_FIELDS
        )
