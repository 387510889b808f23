"""Finishing the pages of products ahead: a job makes what a change has put out of date."""

import logging
import time
from collections.abc import Sequence

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Q
from django.tasks import task
from django.utils.translation import override

from apps.catalog.bodies import body_of, body_version
from apps.catalog.models import Listing, Product, ProductBody
from apps.catalog.selectors.product import product_page
from apps.core.turns import Turns

logger = logging.getLogger(__name__)

BATCH = 50
# Seconds that a job takes at most before others have their turn, and after which the next minute's begins.
LONGEST, MINUTE = 5.0, 55.0


@task(priority=-20, lease=120.0)  # type: ignore[call-overload]  # the stubs lag behind Django 6.1
def finish_bodies(until: float | None = None) -> int:
    """Finish pages for some seconds; what is left goes on behind other jobs, for a minute (`until`, by the clock).

    Returns how many were made. Safe to repeat.
    """
    until = until or time.time() + MINUTE
    stop, last, done, turns = time.time() + LONGEST, 0, 0, Turns()
    while time.time() < stop:
        last, made = finish_some(after=last)
        done += made
        if not last:
            return done
        turns.between()
    if time.time() < until:
        finish_bodies.enqueue(until=until)
    return done


def finish_some(*, after: int = 0) -> tuple[int, int]:
    """Make the bodies that come next by their ids; returns the last id, 0 at the end, and how many were made.

    Each is made outside of any transaction and passed only if no change has come meanwhile, by a statement of its own:
    so it holds one row at a time, and never while it waits. One that can't be made keeps no other from being made and
    is tried again with the next job. Raises its error if it is the same with all of a batch.
    """
    rows = _out_of_date(after)
    listed = Listing.objects.filter(pk__in={row.listing_id for row in rows})
    slugs = dict(listed.values_list("pk", "slug"))
    made, failed = 0, []
    for row in rows:
        try:
            made += _finish(row, slugs.get(row.listing_id))
        except DatabaseError:
            raise
        except Exception as error:
            logger.exception("The page of product %s (%s) can't be finished", row.listing_id, row.language)
            failed.append(error)
    if len(failed) == BATCH:
        raise failed[-1]
    return (rows[-1].pk if rows else 0), made


def _out_of_date(after: int) -> Sequence[ProductBody]:
    version = body_version()
    rows = ProductBody.objects.filter(Q(made_in__lt=version) | Q(made_in__gt=version), pk__gt=after)
    return list(rows.defer("content").order_by("pk")[:BATCH])


def _finish(row: ProductBody, slug: str | None) -> int:
    current = ProductBody.objects.filter(pk=row.pk, revision=row.revision)
    is_spoken = row.language in dict(settings.LANGUAGES)  # else the shop has given the language up
    content = _made(slug, row.language) if slug and is_spoken else b""
    if content:
        return current.update(content=content, made_in=body_version())
    current.delete()
    return 0


def _made(slug: str, language: str) -> bytes:
    with override(language):
        try:
            return body_of(product_page(slug)).packed()
        except Product.DoesNotExist:  # taken off the lists meanwhile
            return b""
