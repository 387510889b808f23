"""Variants as carts, orders and the product page read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel.units import format_unit
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import get_language, to_locale

from apps.catalog.models import Product, Variant
from apps.catalog.models.listing import percent_off
from apps.catalog.models.product import lowest_before, product_address
from apps.core.money import Money, shop_money
from apps.core.prepared import Prepared
from apps.core.translation import text_contains, translated

# What is read of a variant, in the order in which `info_of` takes it.
INFO_FIELDS = (
    "pk", "sku", "price", "compare_at_price", "weight_grams", "summary", "asked",
    "product_id", "product__slug", "product__title", "product__translations", "product__status", "product__tax_class",
    "product__category__path", "stock__on_hand", "stock__reserved", "stock__backorder",
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
        return f"{product_address(self.slug)}?variant={self.sku}"

    @property
    def percent_off(self) -> int:
        return percent_off(self.price, self.compare_at, self.lowest_before)

    @property
    def in_stock(self) -> bool:
        return self.backorder or self.available > 0

    @property
    def weight_text(self) -> str:
        """In the visitor's language: "420 g", "1.2 kg"."""
        return _weight(self.weight_grams, get_language() or settings.LANGUAGE_CODE)

    def can_sell(self, quantity: int) -> bool:
        """Whether that many can be bought now: shown, priced and there (or on back-order)."""
        return self.visible and self.price is not None and (self.backorder or self.available >= quantity)


def found_by(term: str, through: str = "") -> Q:
    """The variants that staff mean by a term: it begins their SKU or is part of their title.

    `through` is the way from a row to its variant, such as "variant__".
    """
    return Q(**{f"{through}sku__istartswith": term}) | text_contains("title", term, f"{through}product__")


def variants_for_cart(variant_ids: Iterable[int]) -> dict[int, VariantInfo]:
    """The variants by id, in one query; one that is gone is missing, one that is not shown says so."""
    ids = sorted(set(variant_ids))
    found = map(info_of, _rows().filter(pk__in=ids) if ids else ())
    return {info.variant_id: info for info in found}


def variant_by_sku(sku: str) -> VariantInfo | None:
    """The variant with this SKU in one query, shown or not; None if there is none."""
    if not 0 < len(sku) <= 64 or "\x00" in sku:
        return None
    return next(map(info_of, _by_sku(sku)), None)


def info_of(row: Sequence[Any]) -> VariantInfo:
    """From the values of INFO_FIELDS."""
    pk, sku, price, compare_at, weight, summary, asked, product_id, slug, title, translations, *rest = row
    status, tax_class, path, on_hand, reserved, backorder = rest
    return VariantInfo(
        variant_id=pk,
        sku=sku,
        product_id=product_id,
        slug=slug,
        title=str(translated(translations, "title", title)),
        option_text=" / ".join(in_language(option["value"]) for option in summary.get("options", [])),
        price=price,
        compare_at=compare_at,
        tax_class=tax_class,
        weight_grams=weight,
        cover=summary.get("cover", {}),
        visible=status == Product.Status.ACTIVE,
        available=max((on_hand or 0) - (reserved or 0), 0),
        backorder=bool(backorder),
        category_path=path or "",
        lowest_before=lowest_before(asked, compare_at),
    )


@lru_cache(maxsize=1024)
def _weight(grams: int, language: str) -> str:
    """Kept, because few weights come again and again and each takes Babel as long as three parts of a page."""
    locale = to_locale(language)
    if grams < 1000:
        return str(format_unit(grams, "gram", length="short", locale=locale))
    return str(format_unit(Decimal(grams) / 1000, "kilogram", length="short", locale=locale))


def in_language(texts: dict[str, str]) -> str:
    """One of the texts that publishing stores: the visitor's language, else the shop's first."""
    return texts.get(get_language() or settings.LANGUAGE_CODE) or texts.get("", "")


def _rows() -> QuerySet[Variant, tuple[Any, ...]]:
    return Variant.objects.order_by("pk").values_list(*INFO_FIELDS)


_by_sku: Prepared[tuple[Any, ...]] = Prepared(lambda sku: _rows().filter(sku=sku), str)
