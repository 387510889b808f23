"""What the screens of orders read; the owner comes first in every one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Sum

from apps.catalog.selectors import VariantInfo, variants_for_cart
from apps.core.money import Money, shop_money, total
from apps.core.ownership import Owner
from apps.orders.models import Cart, CartLine, Order

GONE, SOLD_OUT, SHORT = "gone", "sold-out", "short"


@dataclass(frozen=True, slots=True)
class BasketLine:
    """A line of a cart with what the catalogue says of it now."""

    quantity: int
    variant: VariantInfo

    @property
    def unit_price(self) -> Money:
        return shop_money(self.variant.price or 0)

    @property
    def amount(self) -> Money:
        return self.unit_price * self.quantity

    @property
    def problem(self) -> str:
        """Why this line can't be ordered as it is: "gone", "sold-out", "short", or "" if it can."""
        if not self.variant.visible or self.variant.price is None:
            return GONE
        if self.variant.backorder or self.variant.available >= self.quantity:
            return ""
        return SHORT if self.variant.available > 0 else SOLD_OUT

    @property
    def fingerprint(self) -> tuple[Any, ...]:
        """Everything that a total depends on; two equal ones are the same offer."""
        info = self.variant
        return (
            info.variant_id,
            self.quantity,
            info.price,
            info.tax_class,
            info.weight_grams,
            self.problem == GONE,
        )


@dataclass(frozen=True, slots=True)
class Basket:
    """An open cart as it is shown and quoted. An owner without a cart has an empty one without a token."""

    token: UUID | None = None
    lines: tuple[BasketLine, ...] = ()

    @property
    def count(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def subtotal(self) -> Money:
        """Goods that can be bought, before delivery, as entered in the catalogue."""
        return total((line.amount for line in self.lines if line.problem != GONE), settings.SHOP_CURRENCY)

    @property
    def weight_grams(self) -> int:
        return sum(line.variant.weight_grams * line.quantity for line in self.lines)

    @property
    def has_problems(self) -> bool:
        return any(line.problem for line in self.lines)

    @property
    def quantities(self) -> dict[int, int]:
        """Pieces by variant id; a variant is in one line only."""
        return {line.variant.variant_id: line.quantity for line in self.lines}

    @property
    def fingerprint(self) -> tuple[Any, ...]:
        return tuple(line.fingerprint for line in self.lines)


def basket(owner: Owner) -> Basket:
    """The owner's open cart in the order of adding. At most three queries, none for a visitor without a name."""
    if not owner.is_known:
        return Basket()
    rows = CartLine.objects.for_owner(owner).filter(cart__state=Cart.State.OPEN)
    return _with_variants(rows.values_list("cart__checkout_token", "variant_id", "quantity"))


def basket_of_cart(cart_id: int, owner: Owner) -> Basket:
    """The lines of one cart; for a service that holds its lock."""
    rows = CartLine.objects.for_owner(owner).filter(cart_id=cart_id)
    return _with_variants(rows.values_list("cart__checkout_token", "variant_id", "quantity"))


def _with_variants(rows: Iterable[tuple[UUID, int, int]]) -> Basket:
    found = list(rows)
    if not found:
        return Basket()
    infos = variants_for_cart([variant_id for _, variant_id, _ in found])
    lines = tuple(BasketLine(quantity, infos[variant_id]) for _, variant_id, quantity in found if variant_id in infos)
    return Basket(token=found[0][0], lines=lines)


def cart_count(owner: Owner) -> int:
    """Pieces in the open cart. One query, none for a visitor without a name."""
    if not owner.is_known:
        return 0
    lines = CartLine.objects.for_owner(owner).filter(cart__state=Cart.State.OPEN)
    return int(lines.aggregate(pieces=Sum("quantity"))["pieces"] or 0)


def order_page(owner: Owner, ref: str) -> Order:
    """The owner's order with lines and public events loaded. Raises Http404 for anyone else's."""
    order: Order = Order.objects.for_owner_or_404(owner, ref=ref)
    return order


def order_list(owner: Owner) -> Any:
    """The owner's orders, newest first, each with its number of lines."""
    return Order.objects.for_owner(owner).newest_first().annotate(line_count=Count("lines"))
