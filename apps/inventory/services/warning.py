"""Low stock, told to staff once a day at most and only if something is new."""

from django.db import transaction

from apps.catalog.models import Stock
from apps.inventory import signals
from apps.inventory.models import LowStock

BATCH = 500


def note_low_stock() -> int:
    """Remember what fell to its limit since the last time and tell staff of it; returns how many variants those are.

    Safe to repeat: what is remembered is not told again until it was refilled in between.
    """
    low = Stock.objects.in_the_shop().low().order_by().values("variant_id")
    with transaction.atomic():
        LowStock.objects.exclude(variant_id__in=low).delete()
        fresh = list(
            low.exclude(variant_id__in=LowStock.objects.values("variant_id")).values_list("variant_id", flat=True)
        )
        if not fresh:
            return 0
        noted = LowStock.objects.bulk_create((LowStock(variant_id=pk) for pk in sorted(fresh)), batch_size=BATCH)
        signals.stock_ran_low.send(sender=LowStock, variant_ids=sorted(fresh), event_id=f"low-stock-{noted[0].pk}")
    return len(fresh)
