"""What must always be true of discounts; each check yields a sentence per row that breaks it."""

from collections.abc import Iterator

from django.db.models import Count, F, Q

from apps.core import invariants
from apps.pricing.models import Discount


def uses_that_differ() -> Iterator[str]:
    """A use is counted where its redemption is written, and given back where that is.

    That none is used more often than it may be is a CHECK of the database.
    """
    counted = Discount.objects.order_by("pk").annotate(
        written=Count("redemptions", filter=Q(redemptions__freed_at__isnull=True))
    )
    for pk, used, written in counted.exclude(used=F("written")).values_list("pk", "used", "written"):
        yield f"Discount {pk} says it was used {used} times, {written} uses are written down."


def register_invariants() -> None:
    invariants.register("pricing.uses_are_redemptions", uses_that_differ)
