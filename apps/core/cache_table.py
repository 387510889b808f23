from typing import Any

from django.conf import settings
from django.core.management import call_command


def create_cache_table(*, using: str, **kwargs: Any) -> None:
    """Make the table of a database cache as part of `migrate`, so that the release step stays one command."""
    if any(cache["BACKEND"].endswith("DatabaseCache") for cache in settings.CACHES.values()):
        call_command("createcachetable", database=using, verbosity=0)
