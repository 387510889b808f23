"""From a cart to an order: quoting delivery and tax, and placing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.catalog.services.stock import hold_stock
from apps.core import crash
from apps.core.ownership import Owner
from apps.orders import selectors, signals
from apps.orders.errors import (
    ArticleGone,
    EmptyCart,
    NoDelivery,
    PaymentMethodGone,
    PaymentNotSetUp,
    PriceChanged,
)
from apps.orders.extensions import (
    PaymentMethod,
    Rate,
    RateRequest,
    payment_methods,
    shipping_rates,
)
from apps.orders.models import Cart, Order, OrderEvent, OrderLine
from apps.orders.services import lifecycle
from apps.pricing.explanation import explain
from apps.pricing.quote import Destination, Quote, ShippingChoice, TaxTable, quote
from apps.pricing.rules import Rule
from apps.pricing.selectors import discount_rules, tax_table
from apps.pricing.services import redeem


@dataclass(frozen=True, slots=True)
class CheckoutDetails:
    """What the buyer entered. Addresses hold the fields of `users.PostalAddress.FIELDS`."""

    email: str
    shipping_address: dict[str, str]
    billing_address: dict[str, str]
    shipping_method: str
    payment_method: str
    note: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Offer:
    """A basket quoted for a destination: the rates to choose from, the chosen one, and what it comes to."""

    basket: selectors.Basket
    request: RateRequest
    quote: Quote
    rates: list[Rate] = field(default_factory=list)
    chosen: Rate | None = None


def quote_goods(basket: selectors.Basket, *, email: str = "") -> Quote:
    """What the goods of the basket come to after discounts, before delivery and tax."""
    rules = discount_rules(basket.codes, email=email) if basket.may_be_discounted else []
    return _quote(basket, Destination(""), None, TaxTable(), rules)


def quote_basket(
    basket: selectors.Basket,
    *,
    country: str,
    region: str = "",
    postal_code: str = "",
    shipping_method: str = "",
    email: str = "",
) -> Offer:
    """What the basket comes to when it is delivered there; without a known method the first offer is chosen.

    With an `email`, discounts that this customer has used up don't count. Asks the shipping apps, which may use the
    network: never inside a transaction.
    """
    rules = discount_rules(basket.codes, email=email) if basket.may_be_discounted else []
    request = RateRequest(
        country=country,
        region=region,
        postal_code=postal_code,
        weight_grams=basket.weight_grams,
        goods=_quote(basket, Destination(""), None, TaxTable(), rules).goods,
    )
    rates = shipping_rates(request) if basket.lines else []
    chosen = next((rate for rate in rates if rate.code == shipping_method), rates[0] if rates else None)
    delivery = ShippingChoice(chosen.code, chosen.label, chosen.price, chosen.tax_class) if chosen else None
    return Offer(
        basket=basket,
        request=request,
        quote=_quote(basket, Destination(country, region), delivery, tax_table(country), rules),
        rates=rates,
        chosen=chosen,
    )


def _quote(
    basket: selectors.Basket,
    destination: Destination,
    delivery: ShippingChoice | None,
    taxes: TaxTable,
    rules: Sequence[Rule],
) -> Quote:
    return quote(
        basket.quote_lines,
        destination,
        delivery,
        taxes,
        currency=settings.SHOP_CURRENCY,
        prices_include_tax=settings.PRICES_INCLUDE_TAX,
        discounts=rules,
        codes=basket.codes,
    )


def place_order(
    *, owner: Owner, token: UUID, details: CheckoutDetails, shown_total: int, offer: Offer | None = None
) -> Order:
    """Turn the owner's cart with this token into an order, hold its stock and open its payment. Safe to repeat.

    `shown_total` is the total in minor units that the buyer agreed to; `offer` saves asking for rates again, if it
    was just made for the same destination and delivery. The same token always returns the same order. Raises
    EmptyCart (also for a token that is not this owner's), ArticleGone, NoDelivery, PriceChanged, PaymentNotSetUp,
    PaymentMethodGone, pricing's DiscountGone and catalog's SoldOut; then cart, stock, discounts and books are as they
    were.
    """
    if offer is None or not _is_made_for(offer, token, details):
        # The cart first: what closes it afterwards is met by `_write_order`.
        basket = selectors.basket(owner)
        if basket.token != token:
            placed = placed_order(owner, token)
            if placed is None:
                raise EmptyCart
            return placed
        offer = _quote_details(basket, details)
    method = _check_offer(offer, details, shown_total)
    with transaction.atomic():
        order, is_new = _write_order(owner, token, details, offer, method)
    if is_new:
        crash.point("orders.place.committed")
    return order


def placed_order(owner: Owner, token: UUID) -> Order | None:
    """The order that this checkout has already become."""
    order: Order | None = Order.objects.for_owner(owner).filter(checkout_token=token).first()
    return order


def _quote_details(basket: selectors.Basket, details: CheckoutDetails) -> Offer:
    address = details.shipping_address
    return quote_basket(
        basket,
        country=address.get("country", ""),
        region=address.get("region", ""),
        postal_code=address.get("postal_code", ""),
        shipping_method=details.shipping_method,
        email=details.email,
    )


def _is_made_for(offer: Offer, token: UUID, details: CheckoutDetails) -> bool:
    asked, address = offer.request, details.shipping_address
    destination = (address.get("country", ""), address.get("region", ""), address.get("postal_code", ""))
    same_place = (asked.country, asked.region, asked.postal_code) == destination
    same_delivery = offer.chosen is not None and offer.chosen.code == details.shipping_method
    return offer.basket.token == token and same_place and same_delivery


def _check_offer(offer: Offer, details: CheckoutDetails, shown_total: int) -> PaymentMethod | None:
    """Everything that can be refused without a lock; returns the way to pay, None if there is nothing to pay."""
    gone = [line.variant.title for line in offer.basket.lines if line.problem == selectors.GONE]
    if gone:
        raise ArticleGone(gone)
    if offer.chosen is None:
        raise NoDelivery
    if offer.quote.total.amount != shown_total or offer.chosen.code != details.shipping_method:
        raise PriceChanged
    if not offer.quote.total:
        return None
    methods = payment_methods()
    if not methods:
        raise PaymentNotSetUp
    method = methods.get(details.payment_method)
    if method is None or not method.available(offer.quote):
        raise PaymentMethodGone
    return method


def _write_order(
    owner: Owner, token: UUID, details: CheckoutDetails, offer: Offer, method: PaymentMethod | None
) -> tuple[Order, bool]:
    """In one transaction: cart, order, payment, discounts, stock, in the order in which the whole shop takes locks."""
    # Locks the cart and closes it; whatever is refused below rolls this back.
    carts = Cart.objects.for_owner(owner).filter(checkout_token=token)
    if not carts.open().update(state=Cart.State.ORDERED, updated_at=timezone.now()):
        placed = placed_order(owner, token)
        if placed is None:
            raise EmptyCart
        return placed, False
    crash.point("orders.place.cart_closed")
    if selectors.basket_of_cart(token, owner).fingerprint != offer.basket.fingerprint:
        raise PriceChanged
    order = _create_order(owner, token, details, offer)
    crash.point("orders.place.order_written")
    _create_lines(order, offer)
    event = OrderEvent.unscoped.create(order=order, kind=OrderEvent.Kind.PLACED)
    crash.point("orders.place.lines_written")
    if method is not None:
        method.prepare(order, first=True)
    crash.point("orders.place.payment_prepared")
    redeem(order_ref=order.ref, email=order.email, discounts=offer.quote.discounts)
    crash.point("orders.place.discounts_redeemed")
    hold_stock(quantities=offer.basket.quantities)
    crash.point("orders.place.stock_held")
    signals.order_placed.send(Order, order_id=order.pk, event_id=event.pk)
    if method is None:
        lifecycle.record_payment(
            order_id=order.pk, amount=order.total, currency=order.currency, payment_ref="nothing-to-pay"
        )
    crash.point("orders.place.facts_sent")
    return order, True


def _create_order(owner: Owner, token: UUID, details: CheckoutDetails, offer: Offer) -> Order:
    quoted, rate = offer.quote, offer.chosen
    assert rate is not None  # what nobody delivers was refused before
    order: Order = Order.unscoped.create(
        **owner.columns,
        checkout_token=token,
        email=details.email.strip().lower(),
        language=details.language,
        note=details.note,
        shipping_address=details.shipping_address,
        billing_address=details.billing_address,
        shipping_method=rate.code,
        shipping_label=rate.label,
        payment_method=details.payment_method if quoted.total else "",
        currency=quoted.total.currency,
        prices_include_tax=quoted.prices_include_tax,
        subtotal=quoted.subtotal.amount,
        discount_total=quoted.discount.amount,
        shipping_total=quoted.shipping.amount,
        tax_total=quoted.tax.amount,
        tax_added=quoted.tax_added.amount,
        total=quoted.total.amount,
        tax_lines=[line.as_dict() for line in quoted.tax_lines],
        discounts=[discount.as_dict() for discount in quoted.discounts],
        explanation=explain(quoted),
        hold_expires_at=timezone.now() + timedelta(seconds=settings.STOCK_HOLD_SECONDS),
    )
    return order


def _create_lines(order: Order, offer: Offer) -> None:
    OrderLine.unscoped.bulk_create(
        OrderLine(
            order=order,
            variant_id=line.variant.variant_id,
            sku=line.variant.sku,
            title=line.variant.title,
            option_text=line.variant.option_text,
            cover=line.variant.cover,
            quantity=quoted.quantity,
            unit_price=quoted.unit_price.amount,
            discount=quoted.discount.amount,
            amount=quoted.amount.amount,
            tax_class=quoted.tax_class,
            tax_rate=quoted.tax_rate,
            tax=quoted.tax.amount,
        )
        for line, quoted in zip(offer.basket.lines, offer.quote.lines, strict=True)
    )
