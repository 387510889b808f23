"""Checkout Sessions: what one is asked with, and the calls on one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from apps.orders.models import Order
from apps.payments.models import Payment
from apps.payments.stripe.amounts import to_stripe
from apps.payments.stripe.client import asking, client

# Stripe lets a session end by itself after 30 minutes at the soonest; the margin leaves time to repeat the request.
SOONEST, LATEST = timedelta(minutes=35), timedelta(hours=24) - timedelta(minutes=5)
MANUAL = "manual"
_LOCALES = frozenset({"en", "de"})
WHOLE = ["payment_intent.latest_charge"]

Raw = dict[str, Any]


def request_of(payment: Payment) -> Raw:
    """All that Stripe is asked with, ready to be stored: the same request is sent however often it is repeated.

    One line of the order's total: what adds up to it is told by the order's own page.
    """
    order = payment.order
    metadata = {"order_ref": order.ref, "order_number": order.number, "payment_ref": payment.ref}
    intent: Raw = {"metadata": metadata, "description": order.number}
    if settings.STRIPE_CAPTURE == MANUAL:
        intent["capture_method"] = MANUAL
    with translation.override(order.language):
        name = gettext("Order %(number)s") % {"number": order.number}
        order_page = settings.SITE_URL + order.get_absolute_url()
    price = {"currency": payment.currency.lower(), "unit_amount": to_stripe(payment.money)}
    return {
        "mode": "payment",
        "adaptive_pricing": {"enabled": False},
        "client_reference_id": order.ref,
        "customer_email": order.email,
        "locale": order.language if order.language in _LOCALES else "auto",
        "line_items": [{"quantity": 1, "price_data": {**price, "product_data": {"name": name}}}],
        "metadata": metadata,
        "payment_intent_data": intent,
        "success_url": settings.SITE_URL + reverse("payments:stripe-return", args=[payment.ref]),
        "cancel_url": order_page,
    }


def ends_at(order: Order) -> datetime:
    """With the hold of the stock, as far as Stripe allows it; the sweep ends a session that outlives the hold."""
    now = timezone.now()
    return min(max(order.hold_expires_at, now + SOONEST), now + LATEST)


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def create(request: Mapping[str, Any], *, key: str) -> Raw:
    """The session of this request; asked again under the same key, the very same session."""
    with asking("create a session"):
        session = client().v1.checkout.sessions.create(
            params=cast(Any, dict(request)), options={"idempotency_key": key}
        )
        return session.to_dict()


def retrieve(session_ref: str, *, patient: bool = True) -> Raw:
    with asking("show a session"):
        found = client(patient=patient).v1.checkout.sessions.retrieve(session_ref, params={"expand": WHOLE})
        return found.to_dict()


def expire(session_ref: str) -> None:
    """End an open session: no money can come by it any more. Raises GatewayRefused if it is not open."""
    with asking("expire a session"):
        client().v1.checkout.sessions.expire(session_ref)


def of_intent(intent_ref: str) -> Raw | None:
    """The session that a PaymentIntent belongs to."""
    with asking("look for a session"):
        found = client().v1.checkout.sessions.list(params={"payment_intent": intent_ref, "limit": 1})
        return found.data[0].to_dict() if found.data else None
