"""Making every listing again: after a release that changes cards, or when `audit` says that something is wrong."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from apps.catalog.cards import card_version
from apps.catalog.models import Branch, Listing, Placement, Product, SearchDocument
from apps.catalog.services import branches
from apps.catalog.services.bodies import add_bodies
from apps.catalog.services.placements import write_placements
from apps.catalog.services.publishing import publish_now

BATCH = 200


def reindex(*, stale: bool = False) -> Iterator[int]:
    """Publish all products, or only the stale ones, in batches of their own transactions; yields how many are done.

    Stale is a listing whose card has an older form, and a visible product without one or not yet in the search. Safe to
    stop and to repeat.
    """
    done = 0
    last = 0
    products = Product.objects.order_by("pk")
    if stale:
        products = products.filter(_is_stale())
    while ids := list(products.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            publish_now(ids)
            listed = Listing.objects.defer("cards").filter(pk__in=ids)
            write_placements(listed)
            add_bodies(listing.pk for listing in listed)
        last = ids[-1]
        done += len(ids)
        yield done
    if done or not Branch.objects.filter(path="").exists():
        with transaction.atomic():
            branches.rebuild()


def _is_stale() -> Q:
    current = Listing.objects.filter(product=OuterRef("pk"), card_version=card_version())
    placed = Placement.objects.filter(listing=OuterRef("pk"), path="")
    searchable = SearchDocument.objects.filter(listing=OuterRef("pk"))
    missing = ~Q(Exists(current)) | ~Q(Exists(placed)) | ~Q(Exists(searchable))
    return Q(status=Product.Status.ACTIVE) & missing
