"""Attempts to pay: one after the other, numbered, with a key that is stored before a provider hears it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from apps.core import crash
from apps.orders.extensions import payment_methods
from apps.orders.models import Order
from apps.payments import states
from apps.payments.models import Payment

State = Payment.State


def current_attempt(order: Order) -> Payment | None:
    """The attempt that may still bring money; the database allows one."""
    return Payment.unscoped.filter(order=order, state__in=states.OPEN).select_related("order").first()


def open_attempt(order: Order, *, method: str, first: bool = False) -> Payment:
    """Write the next attempt at the order's total. The caller holds the order's lock and saw that none is open.

    `first`: the order was written in this transaction and has none at all.
    """
    attempts = Payment.unscoped.filter(order=order)
    last = 0 if first else attempts.aggregate(last=Max("attempt"))["last"] or 0
    payment: Payment = Payment.unscoped.create(
        order=order,
        method=method,
        attempt=last + 1,
        amount=order.total,
        currency=order.currency,
        idempotency_key=f"order-{order.ref}-pay-{last + 1}",
    )
    crash.point("payments.prepare.payment_written")
    return payment


def note_asked(payment: Payment, *, request: dict[str, Any], expires_at: datetime) -> bool:
    """Store what the provider is about to be asked, the first time; False if the attempt was closed meanwhile.

    From here on the provider may know the attempt, and closing it has to ask there.
    """
    columns = {"request": request, "expires_at": expires_at, "asked_at": timezone.now(), "updated_at": timezone.now()}
    unasked = Payment.unscoped.filter(pk=payment.pk, state=State.CREATED, asked_at__isnull=True)
    noted = bool(unasked.update(**columns))
    payment.refresh_from_db()
    return noted or (payment.asked_at is not None and payment.state in states.OPEN)


def close_unasked(payment: Payment) -> bool:
    """Close an attempt that the provider has never heard of; False, and nothing has changed, if it may have."""
    unasked = Payment.unscoped.filter(pk=payment.pk, state=State.CREATED, asked_at__isnull=True)
    return bool(unasked.update(state=State.CLOSED, updated_at=timezone.now()))


def make_way(order: Order, *, method: str) -> bool:
    """Withdraw the open attempt of another method, because the buyer chose this one. Network.

    False if that attempt may still bring money: then nobody may be asked to pay a second time.
    """
    open_one = current_attempt(order)
    if open_one is None or open_one.method == method:
        return True
    other = payment_methods().get(open_one.method)
    return other is not None and other.close(order)


def renew_attempt(order: Order, *, method: str) -> Payment | None:
    """The open attempt, or a new one if the order waits for its payment and has none."""
    with transaction.atomic():
        order = Order.unscoped.select_for_update().get(pk=order.pk)
        attempt = current_attempt(order)
        if attempt is None and order.can_be_paid:
            attempt = open_attempt(order, method=method)
        return attempt
