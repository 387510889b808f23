"""What visitors looked for in vain, so that staff can add it or name a synonym. Nothing says who it was."""

import re

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from apps.catalog.models import SearchMiss
from apps.catalog.search.words import as_written

MOST_ROWS = 1_000
# An address or a telephone number that landed in the search box is nobody's business.
_PERSONAL = re.compile(r"@|(\d[\s/()-]*){7}")

_COUNT = """
    INSERT INTO catalog_searchmiss AS known (words, count, last_at) VALUES (%s, 1, %s)
    ON CONFLICT (words) DO UPDATE SET count = known.count + 1, last_at = excluded.last_at
    RETURNING count
"""


def record_miss(q: str) -> None:
    """Count a search that found nothing. Of too many, those go that were looked for least and longest ago."""
    looked_for = as_written(q)
    if not looked_for or _PERSONAL.search(q):
        return
    try:
        _count(looked_for)
    except OperationalError:
        # A database that is busy for too long: the page counts more than the number.
        return


def _count(looked_for: str) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [looked_for, timezone.now()])
            (count,) = cursor.fetchone()
        if count == 1:
            _keep_within(MOST_ROWS)


def _keep_within(most: int) -> None:
    surplus = SearchMiss.objects.count() - most
    if surplus > 0:
        rows = SearchMiss.objects.order_by("count", "last_at", "pk").values_list("pk", flat=True)
        SearchMiss.objects.filter(pk__in=list(rows[:surplus])).delete()
