"""Links that open one order without an account, and guests' orders that join one."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.core.ownership import Owner, hash_key
from apps.orders.errors import LinkInvalid
from apps.orders.models import GuestLink, Order, OrderAccess


def issue_guest_link(*, order: Order) -> str:
    """A new token that opens this order for GUEST_LINK_DAYS. Only its hash is kept, so it can't be shown twice."""
    token = secrets.token_urlsafe(32)
    GuestLink.unscoped.create(
        order=order,
        token_hash=hash_key(token),
        expires_at=timezone.now() + timedelta(days=settings.GUEST_LINK_DAYS),
    )
    return token


def open_guest_link(*, owner: Owner, token: str) -> Order:
    """Grant the order behind the token to this owner, who keeps their own key. Safe to repeat.

    Raises LinkInvalid for a token that is unknown, ran out or was revoked; nothing is granted then.
    """
    links = GuestLink.unscoped.select_related("order").filter(
        token_hash=hash_key(token), revoked_at__isnull=True, expires_at__gt=timezone.now()
    )
    link: GuestLink | None = links.first()
    if link is None:
        raise LinkInvalid
    order: Order = link.order
    with transaction.atomic():
        # A later link of the same order replaces the grant, so that its end counts.
        OrderAccess.unscoped.update_or_create(order=order, **owner.columns, defaults={"link": link})
    return order


def revoke_guest_links(*, order: Order) -> int:
    """End every link of the order at once, with what it granted. Returns how many were ended."""
    with transaction.atomic():
        OrderAccess.unscoped.filter(order=order).delete()
        live = GuestLink.unscoped.filter(order=order, revoked_at__isnull=True)
        return int(live.update(revoked_at=timezone.now()))


def claim_orders(*, user_id: int, email: str) -> int:
    """Hand the guest orders of an address to the account that has proved to own it. Returns how many."""
    orders = Order.unscoped.filter(user__isnull=True, email=email.strip().lower())
    return int(orders.update(user_id=user_id, guest_key=None))
