"""Switching discounts on and off, and changing them while they run."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from apps.pricing.errors import IllegalState
from apps.pricing.models import Discount

State = Discount.State


def activate(*, discount_id: int) -> None:
    """Let a draft, or one that was ended, work from now on (within its own times). Raises IllegalState if it does."""
    _move(discount_id, {State.DRAFT, State.ENDED}, State.ACTIVE)


def end(*, discount_id: int) -> None:
    """Stop a discount at once; orders that used it keep it. Raises IllegalState if it is not active."""
    _move(discount_id, {State.ACTIVE}, State.ENDED)


def save_discount(*, discount: Discount) -> Discount:
    """Store a new or changed discount. Whoever was quoted with the old one is asked again before paying.

    What it was used for meanwhile is not overwritten.
    """
    with transaction.atomic():
        if discount.pk is None:
            discount.save()
            return discount
        fields = {f.name for f in discount._meta.concrete_fields} - {"id", "used", "state", "version", "created_at"}
        discount.save(update_fields=sorted(fields))
        Discount.objects.filter(pk=discount.pk).update(version=F("version") + 1)
        discount.refresh_from_db(fields=["version", "used", "state"])
        return discount


def _move(discount_id: int, before: set[State], to: State) -> None:
    found = Discount.objects.filter(pk=discount_id, state__in=before)
    if not found.update(state=to, version=F("version") + 1):
        raise IllegalState
