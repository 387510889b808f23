from collections.abc import Iterator

from django.db.models import Model, QuerySet


def in_chunks[Row: Model](rows: QuerySet[Row], chosen: QuerySet[Row] | None, size: int) -> Iterator[list[Row]]:
    """Rows by their key, a chunk at a time, so that no cursor stays open while the visitor's line is slow.

    With `chosen` only those that are among it; how that is sorted and what it reads along makes no difference.
    """
    among, keys = rows if chosen is None else chosen, [0]
    while keys:
        found = among.filter(pk__gt=keys[-1]).order_by("pk").values_list("pk", flat=True)
        if keys := list(found[:size]):
            yield list(rows.filter(pk__in=keys).order_by("pk"))
        if len(keys) < size:
            return
