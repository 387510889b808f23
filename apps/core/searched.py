"""Searches of the admin that no index answers: one pass over the table, although a list is counted and then read."""

from typing import Any

from django.db.models import Model, Q, QuerySet

FEW = 1000


def searched[Row: Model](queryset: QuerySet[Row], words: Q) -> QuerySet[Row]:
    """The rows that match. Few are named by their keys; of many a page is soon read, and only the count sees all."""
    found = few(queryset.filter(words).order_by().values_list("pk", flat=True))
    return queryset.filter(pk__in=found) if isinstance(found, list) else queryset.filter(words)


def few(keys: QuerySet[Any, Any]) -> list[Any] | QuerySet[Any, Any]:
    """The keys themselves where they are few, else the question for them; either goes into an `__in`."""
    found = list(keys[: FEW + 1])
    return found if len(found) <= FEW else keys
