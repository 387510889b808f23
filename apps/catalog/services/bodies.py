"""Saying which finished pages are to be made: those of what is listed, again after each change."""

from collections.abc import Iterable
from itertools import product as pairs_of

from django.conf import settings
from django.db.models import F

from apps.catalog.models import ProductBody


def add_bodies(product_ids: Iterable[int]) -> None:
    """Say that these listed products need a finished page in every language; one that has it keeps it."""
    languages = [code for code, _ in settings.LANGUAGES]
    rows = [ProductBody(listing_id=pk, language=language) for pk, language in pairs_of(product_ids, languages)]
    ProductBody.objects.bulk_create(rows, ignore_conflicts=True)


def outdate_bodies(product_ids: Iterable[int]) -> None:
    """Say that these products look different now; joins the transaction of the change."""
    rows = ProductBody.objects.filter(listing__in=list(product_ids))
    rows.update(made_in="", revision=F("revision") + 1)
