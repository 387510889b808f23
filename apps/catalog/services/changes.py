"""What the pages that are kept must be told of a change (docs/performance.md lists the tags)."""

from collections.abc import Iterable, Sequence

from django.db.models import Exists, OuterRef

from apps.catalog.models import Branch, Listing, Placement
from apps.catalog.services.bodies import outdate_bodies
from apps.catalog.services.placements import branches_of, price_place
from apps.pages.kept import EVERYTHING
from apps.pages.services import pages_changed

# Of more products than that, no page is looked for by name.
MOST_NAMED = 100
# Of more prices than that, nobody asks which others they have passed: it is a statement for each.
MOST_COMPARED = 10


def tell(product_ids: Iterable[int], tags: Iterable[str] = ()) -> None:
    """Write down that these products look different now. Belongs at the end of the transaction."""
    ids = set(product_ids)
    if len(ids) > MOST_NAMED:
        pages_changed(EVERYTHING, *tags)
    else:
        pages_changed(*(f"product:{pk}" for pk in ids), *tags)
    if ids:  # behind the lock of the journal, so that two changes never wait for each other's rows
        outdate_bodies(ids)


def list_tags(before: Listing | None, after: Listing | None) -> set[str]:
    """Which lists are different now beside those that show the product's card."""
    if before is None or after is None:
        return {"members"} if before or after else set()
    tags = set()
    if (before.category_path, before.published_at) != (after.category_path, after.published_at):
        tags.add("members")
    if (before.price_min, before.price_max) != (after.price_min, after.price_max):
        tags.add("prices")
    if before.on_sale is not after.on_sale:
        tags.add("reduced")
    if before.available is not after.available:
        tags.add("stock")
    return tags


def order_tags(changes: Sequence[tuple[Listing, Listing]]) -> set[str]:
    """The branches whose lists by price are in another order now, of listings before and after; call it at the end.

    One whose price has not passed that of another stands where it stood, and the pages that show it go by its own tag.
    The same holds of two that change at once: what both pass is seen by each, and else only they change places.
    """
    moved = [(before, after) for before, after in changes if price_place(before) != price_place(after)]
    if len(moved) > MOST_COMPARED:
        return {f"order:{path}" for _, after in moved for path in branches_of(after.category_path)}
    return {f"order:{path}" for before, after in moved for path in _passed_in(before, after)}


def _passed_in(before: Listing, after: Listing) -> list[str]:
    """The branches in which some other listing costs what this one did, does, or something between."""
    between = sorted([price_place(before), price_place(after)])
    others = Placement.objects.filter(path=OuterRef("path"), price_up__range=between).exclude(listing=after.product_id)
    branches = Branch.objects.filter(Exists(others), path__in=branches_of(after.category_path))
    return list(branches.values_list("path", flat=True))
