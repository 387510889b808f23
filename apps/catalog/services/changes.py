"""What the pages that are kept must be told of a change (docs/performance.md lists the tags)."""

from collections.abc import Iterable

from apps.catalog.models import Listing
from apps.pages.kept import EVERYTHING
from apps.pages.services import pages_changed

# Of more products than that, no page is looked for by name.
MOST_NAMED = 100


def tell(product_ids: Iterable[int], tags: Iterable[str] = ()) -> None:
    """Write down that these products look different now. Belongs at the end of the transaction."""
    ids = set(product_ids)
    if len(ids) > MOST_NAMED:
        pages_changed(EVERYTHING, *tags)
    else:
        pages_changed(*(f"product:{pk}" for pk in ids), *tags)


def list_tags(before: Listing | None, after: Listing | None) -> set[str]:
    """Which lists are different now beside those that show the product's card."""
    if before is None or after is None:
        return {"members"} if before or after else set()
    tags = set()
    if (before.category_path, before.published_at) != (after.category_path, after.published_at):
        tags.add("members")
    if _price(before) != _price(after):
        tags.add("prices")
    if before.available is not after.available:
        tags.add("stock")
    return tags


def _price(listing: Listing) -> tuple[int | None, int | None, bool]:
    return listing.price_min, listing.price_max, listing.on_sale
