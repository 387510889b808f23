"""What is bought together, as orders count it: kept on the product, so that its page asks nothing."""

from collections.abc import Mapping, Sequence
from itertools import batched

from django.db import transaction

from apps.catalog.models import Product
from apps.catalog.services.changes import tell

MOST = 4
BATCH = 500


def keep_companions(companions: Mapping[int, Sequence[int]]) -> int:
    """Write for each product the ids of those bought with it, the most often first; all others have none from now on.

    Returns how many products changed. Safe to repeat; each batch is a transaction of its own.
    """
    stored = dict(Product.objects.exclude(companions=[]).values_list("pk", "companions"))
    wanted = {pk: list(ids)[:MOST] for pk, ids in companions.items()}
    changed = [pk for pk in sorted(stored.keys() | wanted.keys()) if stored.get(pk, []) != wanted.get(pk, [])]
    for batch in batched(changed, BATCH, strict=False):
        with transaction.atomic():
            rows = [Product(pk=pk, companions=wanted.get(pk, [])) for pk in batch]
            Product.objects.bulk_update(rows, ["companions"])
            tell(batch)
    return len(changed)
