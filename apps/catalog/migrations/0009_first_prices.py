"""The ledger of prices begins with what is asked now: since the product was published, or from today if it is reduced."""

from itertools import batched

from django.db import migrations
from django.utils import timezone

BATCH = 1000


def begin(apps, schema_editor):
    Variant, PriceChange = apps.get_model("catalog", "Variant"), apps.get_model("catalog", "PriceChange")
    using, now = schema_editor.connection.alias, timezone.now()
    shown = Variant.objects.using(using).filter(product__status="active").order_by("pk")
    rows = shown.values_list("pk", "price", "compare_at_price", "product__published_at")
    for batch in batched(list(rows), BATCH, strict=False):
        PriceChange.objects.using(using).bulk_create(
            PriceChange(variant_id=pk, price=price, at=now if compare_at is not None else published_at or now)
            for pk, price, compare_at, published_at in batch
        )
    # What was lowest before a reduction that began in the dark is not known, and so not said.
    reduced = list(shown.filter(compare_at_price__isnull=False).only("pk", "price"))
    for variant in reduced:
        variant.asked = {"price": variant.price, "reduced": True, "lowest": None}
    Variant.objects.using(using).bulk_update(reduced, ["asked"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0008_price_ledger")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
