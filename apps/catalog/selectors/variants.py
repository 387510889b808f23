"""Variants as carts, orders and the product page read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.units import format_unit
from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language, to_locale

from apps.catalog.models import Product, Variant
from apps.catalog.models.listing import percent_off
from apps.core.money import Money, shop_money
from apps.core.prepared import Prepared

# What `variant_info` reads of a variant, and the keys on the way there.
INFO_FIELDS = (
    "sku", "price", "compare_at_price", "weight_grams", "summary", "asked",
    "product", "product__slug", "product__title", "product__translations", "product__status", "product__tax_class",
    "product__category", "product__category__path",
    "stock__variant", "stock__on_hand", "stock__reserved", "stock__backorder",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class VariantInfo:
    """A variant as a cart or a product page shows it, in the visitor's language. Prices are minor units of the shop's
    currency; a price of None means "on request". `available` does not count back-orders."""

    variant_id: int
    sku: str
    product_id: int
    slug: str
    title: str
    option_text: str
    price: int | None
    compare_at: int | None
    tax_class: str
    weight_grams: int
    cover: dict[str, Any]
    visible: bool
    available: int
    backorder: bool
    category_path: str = ""
    lowest_before: int | None = None

    @property
    def money(self) -> Money | None:
        return None if self.price is None else shop_money(self.price)

    @property
    def compare_at_money(self) -> Money | None:
        return None if self.compare_at is None else shop_money(self.compare_at)

    @property
    def url(self) -> str:
        return f"{reverse('catalog:product-detail', args=[self.slug])}?variant={self.sku}"

    @property
    def percent_off(self) -> int:
        return percent_off(self.price, self.compare_at, self.lowest_before)

    @property
    def in_stock(self) -> bool:
        return self.backorder or self.available > 0

    @property
    def weight_text(self) -> str:
        """In the visitor's language: "420 g", "1.2 kg"."""
        locale = to_locale(get_language() or settings.LANGUAGE_CODE)
        if self.weight_grams < 1000:
            return str(format_unit(self.weight_grams, "gram", length="short", locale=locale))
        return str(format_unit(Decimal(self.weight_grams) / 1000, "kilogram", length="short", locale=locale))

    def can_sell(self, quantity: int) -> bool:
        """Whether that many can be bought now: shown, priced and there (or on back-order)."""
        return self.visible and self.price is not None and (self.backorder or self.available >= quantity)


def variants_for_cart(variant_ids: Iterable[int]) -> dict[int, VariantInfo]:
    """The variants by id, in one query; one that is gone is missing, one that is not shown says so."""
    ids = sorted(set(variant_ids))
    return {variant.pk: variant_info(variant) for variant in _with_stock().filter(pk__in=ids)} if ids else {}


def variant_by_sku(sku: str) -> VariantInfo | None:
    """The variant with this SKU in one query, shown or not; None if there is none."""
    if not 0 < len(sku) <= 64 or "\x00" in sku:
        return None
    found = _by_sku(sku)
    return variant_info(found[0]) if found else None


def variant_info(variant: Variant) -> VariantInfo:
    """From a variant with its product, its category and its stock loaded."""
    product: Product = variant.product
    stock = getattr(variant, "stock", None)
    return VariantInfo(
        variant_id=variant.pk,
        sku=variant.sku,
        product_id=product.pk,
        slug=product.slug,
        title=product.display_title,
        option_text=" / ".join(in_language(option["value"]) for option in variant.summary.get("options", [])),
        price=variant.price,
        compare_at=variant.compare_at_price,
        tax_class=product.tax_class,
        weight_grams=variant.weight_grams,
        cover=variant.summary.get("cover", {}),
        visible=product.is_visible,
        available=stock.available if stock else 0,
        backorder=bool(stock and stock.backorder),
        category_path=product.category.path if product.category else "",
        lowest_before=variant.lowest_before,
    )


def in_language(texts: dict[str, str]) -> str:
    """One of the texts that publishing stores: the visitor's language, else the shop's first."""
    return texts.get(get_language() or settings.LANGUAGE_CODE) or texts.get("", "")


def _with_stock() -> QuerySet[Variant]:
    return Variant.objects.select_related("product__category", "stock").only(*INFO_FIELDS).order_by("pk")


_by_sku: Prepared[Variant] = Prepared(lambda sku: _with_stock().filter(sku=sku), str)
