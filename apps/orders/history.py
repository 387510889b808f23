"""What was ordered and what waits in carts, for trying a discount on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings

from apps.core.money import Money, shop_money
from apps.orders.models import Cart, CartLine, Order, OrderLine
from apps.pricing.extensions import PastBasket
from apps.pricing.quote import QuoteLine

ORDERS, CART_LINES = 5000, 5000


def past_baskets(since: datetime) -> Iterator[PastBasket]:
    """The newest orders that were not closed, and the open carts, since a moment. Three queries."""
    orders = Order.unscoped.filter(placed_at__gte=since, closure=Order.Closure.NONE).order_by("-placed_at", "-pk")
    found = list(orders[:ORDERS])
    lines = _order_lines(found)
    for order in found:
        yield _ordered(order, tuple(lines[order.pk]))
    yield from _carts(since)


def _order_lines(orders: list[Order]) -> dict[int, list[QuoteLine]]:
    lines: dict[int, list[QuoteLine]] = defaultdict(list)
    if not orders:
        return lines
    oldest = orders[-1]
    rows = OrderLine.unscoped.filter(
        order__placed_at__gte=oldest.placed_at, order__closure=Order.Closure.NONE
    ).order_by("order_id", "pk")
    columns = ("sku", "quantity", "unit_price", "tax_rate", "title")
    target = ("variant__product_id", "variant__product__category__path")
    for order_id, currency, sku, quantity, price, rate, title, product_id, path in rows.values_list(
        "order_id", "order__currency", *columns, *target
    ):
        lines[order_id].append(
            QuoteLine(sku, quantity, Money(price, currency), str(rate), title, product_id, path or "")
        )
    return lines


def _ordered(order: Order, lines: tuple[QuoteLine, ...]) -> PastBasket:
    delivery: dict[str, Any] = order.explanation.get("delivery", {})
    return PastBasket(
        label=order.number,
        at=order.placed_at,
        currency=order.currency,
        prices_include_tax=order.prices_include_tax,
        lines=lines,
        total=order.total,
        email=order.email,
        delivery_label=order.shipping_label,
        delivery_price=delivery.get("price", order.shipping_total),
        # Older than explanations: delivery is taxed like most of the goods.
        delivery_rate=delivery.get("tax_rate", max((int(line.tax_class) for line in lines), default=0)),
        explanation=order.explanation or None,
    )


def _carts(since: datetime) -> Iterator[PastBasket]:
    """Open carts at today's prices, without delivery and tax."""
    rows = CartLine.unscoped.filter(
        cart__state=Cart.State.OPEN, cart__updated_at__gte=since, variant__price__isnull=False
    ).order_by("-cart_id", "pk")
    columns = ("cart_id", "cart__updated_at", "variant__sku", "quantity", "variant__price")
    target = ("variant__product__title", "variant__product_id", "variant__product__category__path")
    carts: dict[int, tuple[datetime, list[QuoteLine]]] = {}
    for cart_id, at, sku, quantity, price, title, product_id, path in rows.values_list(*columns, *target)[:CART_LINES]:
        line = QuoteLine(sku, quantity, shop_money(price), "0", title, product_id, path or "")
        carts.setdefault(cart_id, (at, []))[1].append(line)
    for at, lines in carts.values():
        yield PastBasket(
            label="",
            at=at,
            currency=settings.SHOP_CURRENCY,
            prices_include_tax=settings.PRICES_INCLUDE_TAX,
            lines=tuple(lines),
            total=sum(line.amount.amount for line in lines),
            bought=False,
        )
