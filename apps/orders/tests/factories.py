"""Carts and orders for tests, made through the real services."""

import secrets
from contextlib import nullcontext
from typing import Any

from apps.catalog.models import Variant
from apps.catalog.tests.factories import make_variant
from apps.core.ownership import Owner, hash_key
from apps.orders import selectors, services
from apps.orders.extensions import payment_methods
from apps.orders.models import Order

ADDRESS = {
    "name": "Ada Lovelace",
    "company": "",
    "line1": "Lange Straße 1",
    "line2": "",
    "city": "Berlin",
    "region": "",
    "postal_code": "10115",
    "country": "DE",
    "phone": "",
}


def make_guest() -> Owner:
    return Owner(guest_key=hash_key(secrets.token_urlsafe(32)))


def make_cart(*, owner: Owner | None = None, lines: dict[Variant, int] | None = None) -> Owner:
    """An open cart with these pieces by variant (one mug by default); returns whose it is."""
    owner = owner or make_guest()
    for variant, quantity in (lines or {make_variant(): 1}).items():
        services.add_to_cart(owner=owner, sku=variant.sku, quantity=quantity)
    return owner


def make_details(**changes: Any) -> services.CheckoutDetails:
    return services.CheckoutDetails(
        **{
            "email": "ada@example.com",
            "shipping_address": ADDRESS,
            "billing_address": ADDRESS,
            "shipping_method": "standard",
            "payment_method": next(iter(payment_methods()), ""),
            **changes,
        }
    )


def shown_total(owner: Owner, country: str = "DE", shipping_method: str = "") -> int:
    offer = services.quote_basket(selectors.basket(owner), country=country, shipping_method=shipping_method)
    return offer.quote.total.amount


def make_order(
    *,
    owner: Owner | None = None,
    lines: dict[Variant, int] | None = None,
    paid: bool = False,
    **details: Any,
) -> Order:
    """An order placed by the service, of one mug by default; `paid` records its money too.

    Where no delivery is set up, a flat rate is, for as long as the order is being placed.
    """
    owner = make_cart(owner=owner, lines=lines)
    basket = selectors.basket(owner)
    offer = services.quote_basket(basket, country="DE")
    with nullcontext() if offer.rates else _flat_rates():
        offer = offer if offer.rates else services.quote_basket(basket, country="DE")
        order = services.place_order(
            owner=owner,
            token=offer.basket.token,
            details=make_details(shipping_method=offer.chosen.code, **details),
            shown_total=offer.quote.total.amount,
        )
    if paid:
        services.record_payment(
            order_id=order.pk, amount=order.total, currency=order.currency, payment_ref=f"paid-{order.pk}"
        )
    return Order.unscoped.get(pk=order.pk)


def _flat_rates() -> Any:
    from apps.orders.tests.providers import FlatRates, registered

    return registered(rates=[FlatRates()])
