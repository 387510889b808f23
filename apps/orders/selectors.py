"""What the screens of orders read; the owner comes first in every one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, QuerySet, Sum
from django.utils.translation import ngettext

from apps.catalog.selectors.variants import INFO_FIELDS, VariantInfo, info_of
from apps.core.money import Money, shop_money, total
from apps.core.ownership import Owner
from apps.core.prepared import PreparedForOwner
from apps.orders.models import Cart, Order, OrderEvent, OrderLine
from apps.orders.models.order import OrderStatus
from apps.pricing.models import Discount
from apps.pricing.quote import QuoteLine

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
            info.category_path,
        )


@dataclass(frozen=True, slots=True)
class Basket:
    """An open cart as it is shown and quoted. An owner without a cart has an empty one without a token."""

    token: UUID | None = None
    lines: tuple[BasketLine, ...] = ()
    codes: tuple[str, ...] = ()
    may_be_discounted: bool = False

    @property
    def count(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def title(self) -> str:
        """What stands above the lines."""
        pieces = self.count
        title = ngettext("%(pieces)s item in your cart", "%(pieces)s items in your cart", pieces)
        return title % {"pieces": pieces}

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
        return (self.codes, *(line.fingerprint for line in self.lines))

    @property
    def quote_lines(self) -> list[QuoteLine]:
        """What can be bought, as the calculation takes it."""
        return [
            QuoteLine(
                key=line.variant.sku,
                quantity=line.quantity,
                unit_price=line.unit_price,
                tax_class=line.variant.tax_class,
                label=line.variant.title,
                product_id=line.variant.product_id,
                category_path=line.variant.category_path,
            )
            for line in self.lines
            if line.problem != GONE
        ]


def basket(owner: Owner) -> Basket:
    """The owner's open cart in the order of adding. One query, none for a visitor without a name."""
    return _basket(_open_lines(owner))


def basket_of_cart(token: UUID, owner: Owner) -> Basket:
    """The lines of one cart, whatever its state; for a service that holds its lock. One query."""
    return _basket(_lines(Cart.objects.for_owner(owner).filter(checkout_token=token)))


def _lines(carts: QuerySet[Cart]) -> QuerySet[Cart, tuple[Any, ...]]:
    """A row for each line with its variant, which also says whether there is any automatic discount to ask for."""
    own = ("checkout_token", "codes", "automatic", "lines__quantity")
    rows = carts.filter(lines__isnull=False).annotate(automatic=Exists(Discount.objects.automatic()))
    return rows.order_by("lines__pk").values_list(*own, *(f"lines__variant__{name}" for name in INFO_FIELDS))


def _open_lines_of(owner: Owner) -> QuerySet[Cart, tuple[Any, ...]]:
    return _lines(Cart.objects.for_owner(owner).open())


_open_lines: PreparedForOwner[tuple[Any, ...]] = PreparedForOwner(_open_lines_of)


def _basket(rows: Iterable[tuple[Any, ...]]) -> Basket:
    found = list(rows)
    if not found:
        return Basket()
    token, codes, automatic, *_ = found[0]
    return Basket(
        token=token,
        lines=tuple(BasketLine(quantity, info_of(info)) for _token, _codes, _automatic, quantity, *info in found),
        codes=tuple(codes),
        may_be_discounted=automatic or bool(codes),
    )


def cart_count(owner: Owner) -> int:
    """Pieces in the open cart. One query, none for a visitor without a name."""
    return sum(cart.pieces or 0 for cart in _counted_carts(owner))


def _counted_carts_of(owner: Owner) -> Any:
    return Cart.objects.for_owner(owner).open().only("pk").annotate(pieces=Sum("lines__quantity"))


_counted_carts: PreparedForOwner[Any] = PreparedForOwner(_counted_carts_of)


@dataclass(frozen=True, slots=True)
class OrderPage:
    """An order with what its page shows: lines, public events, and how the payment stands."""

    order: Order
    lines: list[OrderLine]
    events: list[OrderEvent]

    @property
    def payment(self) -> str:
        """ "waiting", "under-way" or "declined" while the order awaits payment, else ""."""
        if not self.order.can_be_paid:
            return ""
        told = [_SAID[event.kind] for event in self.events if event.kind in _SAID]
        return told[-1] if told else "waiting"

    @property
    def public_events(self) -> list[OrderEvent]:
        return [event for event in self.events if event.public]

    @property
    def tracking(self) -> dict[str, Any]:
        """Carrier, number and page of the parcel, as the clerk typed them."""
        return next((event.data for event in self.events if event.kind == OrderEvent.Kind.SHIPPED), {})

    @property
    def steps(self) -> list[tuple[str, str]]:
        """(step, "done" | "current" | "") on the way from the order to the door; none for a closed order."""
        if self.order.closure != Order.Closure.NONE or self.order.status == OrderStatus.REFUNDED:
            return []
        status = self.order.status
        reached = _STEPS.index(status if status in _STEPS else OrderStatus.PAID)
        return [(step, "done" if n < reached else "current" if n == reached else "") for n, step in enumerate(_STEPS)]


_SAID: dict[str, str] = {
    OrderEvent.Kind.PAYMENT_STARTED: "waiting",
    OrderEvent.Kind.PAYMENT_PENDING: "under-way",
    OrderEvent.Kind.PAYMENT_FAILED: "declined",
}
_STEPS: list[str] = [
    OrderStatus.AWAITING_PAYMENT,
    OrderStatus.PAID,
    OrderStatus.FULFILLING,
    OrderStatus.SHIPPED,
    OrderStatus.DELIVERED,
]


def order_page(owner: Owner, ref: str) -> OrderPage:
    """The owner's order with its lines and events, in three queries. Raises Http404 for anyone else's."""
    order: Order = Order.objects.for_owner_or_404(owner, ref=ref)
    return OrderPage(order, list(order.lines.all()), list(order.events.all()))


def order_version(owner: Owner, ref: str) -> int | None:
    """How often the order has changed, in one query; None for anyone else's."""
    versions = Order.objects.for_owner(owner).filter(ref=ref).values_list("version", flat=True)
    found: int | None = versions.first()
    return found


def is_own(owner: Owner, order: Order) -> bool:
    """Whether the order belongs to the owner, not only to read by a link."""
    if owner.user_id is not None:
        return bool(order.user_id == owner.user_id)
    return bool(owner.guest_key) and order.user_id is None and order.guest_key == owner.guest_key


def order_list(owner: Owner) -> Any:
    """The owner's orders, newest first, each with its number of lines."""
    return Order.objects.for_owner(owner).newest_first().annotate(line_count=Count("lines"))
