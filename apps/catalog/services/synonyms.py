from collections.abc import Iterable

from django.db import transaction

from apps.catalog.models import SearchMiss, Synonym
from apps.catalog.search.words import as_written
from apps.pages.services import pages_changed


def save_synonyms(*, synonym: Synonym) -> Synonym:
    """Save words that mean the same; every process searches by them from its next search on.

    Searches without a hit that asked for one of the words are taken off their list.
    """
    with transaction.atomic():
        synonym.save()
        SearchMiss.objects.filter(words__in=[as_written(entry) for entry in synonym.entries]).delete()
        pages_changed("words")
    return synonym


def delete_synonyms(*, ids: Iterable[int]) -> None:
    with transaction.atomic():
        Synonym.objects.filter(pk__in=list(ids)).delete()
        pages_changed("words")
