"""One product as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.validators import slug_re
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Case, F, QuerySet, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import get_language

from apps.catalog.models import Category, Listing, Product, Variant
from apps.catalog.selectors.variants import VariantInfo, in_language, info_of
from apps.core.prepared import Prepared

MOST_RECENT = 8
PRODUCT_FIELDS = [field.attname for field in Product._meta.concrete_fields]
_ONCE = (*PRODUCT_FIELDS, "category__path")
# Of a variant, in the order in which `_read` takes them.
_FIELDS = (
    "pk", "sku", "price", "compare_at_price", "weight_grams", "summary", "asked", "barcode",
    "stock__on_hand", "stock__reserved", "stock__backorder",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Variant:
    """What the page needs of a variant."""

    info: VariantInfo
    summary: dict[str, Any]
    barcode: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of an option, and the variant that choosing it leads to."""

    label: str
    sku: str
    cover: dict[str, Any]
    current: bool
    exact: bool
    can_sell: bool


@dataclass(frozen=True, slots=True)
class OptionChoices:
    name: str
    current: str
    choices: list[Choice]
    with_pictures: bool


@dataclass(frozen=True, slots=True)
class ProductPage:
    product: Product
    selected: VariantInfo | None
    barcode: str
    options: list[OptionChoices]
    pictures: list[dict[str, Any]]
    prices: tuple[int, ...] = ()


def product_page(slug: str, *, sku: str = "", preview: bool = False) -> ProductPage:
    """The product in one statement, with the variant `sku` selected or, if it has none such, the first to be had.

    Raises Product.DoesNotExist; so does a product that is not visible, unless `preview` is set.
    """
    product, variants = _read(slug, preview=preview)
    selected = _select(variants, sku)
    return ProductPage(
        product=product,
        selected=selected.info if selected else None,
        barcode=selected.barcode if selected else "",
        options=_options(variants, selected) if selected else [],
        pictures=_pictures(product, selected),
        prices=tuple(variant.info.price for variant in variants if variant.info.price is not None),
    )


def _read(slug: str, *, preview: bool) -> tuple[Product, list[_Variant]]:
    """The product with its variants and their stock in one query."""
    rows = list(_with_variants(Product.objects.all(), slug)) if preview else _visible(slug)
    if not rows:
        products = Product.objects.all() if preview else Product.objects.visible()
        return products.select_related("category").get(slug=slug), []
    product, path = _product_on(rows[0])
    texts = (product.pk, product.slug, product.title, product.translations, product.status, product.tax_class, path)
    variants = []
    for row in rows:
        pk, sku, price, compare_at, weight, summary, asked, barcode, *stock = row[: len(_FIELDS)]
        info = info_of((pk, sku, price, compare_at, weight, summary, asked, *texts, *stock))
        variants.append(_Variant(info, summary, barcode))
    return product, variants


def _with_variants(products: QuerySet[Product], slug: str) -> QuerySet[Variant, tuple[Any, ...]]:
    """Its variants with their stock; what is the product's stands on the first row only, as there may be hundreds."""
    number = Window(RowNumber(), order_by=("position", "pk"))
    once = {f"once_{name}": Case(When(number=1, then=F(f"product__{name}"))) for name in _ONCE}
    rows = Variant.objects.filter(product__in=products.filter(slug=slug)).annotate(number=number).annotate(**once)
    return rows.order_by("position", "pk").values_list(*_FIELDS, *once)


def _product_on(row: tuple[Any, ...]) -> tuple[Product, str | None]:
    """The product, and the path of its category."""
    *values, path = row[len(_FIELDS) :]
    product = Product.from_db(DEFAULT_DB_ALIAS, PRODUCT_FIELDS, values)
    if product.category_id:
        product.category = Category.from_db(DEFAULT_DB_ALIAS, ["id", "path"], [product.category_id, path])
    return product, path


_visible: Prepared[tuple[Any, ...]] = Prepared(lambda slug: _with_variants(Product.objects.visible(), slug), str)


def _select(variants: Sequence[_Variant], sku: str) -> _Variant | None:
    named = [variant for variant in variants if variant.info.sku == sku]
    sellable = [variant for variant in variants if variant.info.can_sell(1)]
    return next(iter([*named, *sellable, *variants]), None)


def _values(variant: _Variant) -> dict[int, int]:
    return {option["option"]: option["id"] for option in variant.summary.get("options", [])}


def _options(variants: Sequence[_Variant], selected: _Variant) -> list[OptionChoices]:
    result = []
    for row in selected.summary.get("options", []):
        option_id = row["option"]
        values: dict[int, dict[str, Any]] = {}
        for variant in variants:
            for other in variant.summary.get("options", []):
                if other["option"] == option_id:
                    values.setdefault(other["id"], other)
        ordered = sorted(values.values(), key=lambda value: (value["position"], value["id"]))
        choices = [_choice(value, variants, selected) for value in ordered]
        result.append(
            OptionChoices(
                name=in_language(row["name"]),
                current=in_language(row["value"]),
                choices=choices,
                with_pictures=len(choices) > 1 and _all_differ([choice.cover for choice in choices]),
            )
        )
    return result


def _choice(value: dict[str, Any], variants: Sequence[_Variant], selected: _Variant) -> Choice:
    """Leads to the variant that differs in this value only or, if the matrix has a hole there, to the nearest one."""
    wanted = {**_values(selected), value["option"]: value["id"]}
    candidates = [variant for variant in variants if _values(variant).get(value["option"]) == value["id"]]

    def nearness(variant: _Variant) -> tuple[int, bool]:
        own = _values(variant)
        return sum(own.get(option) == pk for option, pk in wanted.items()), variant.info.can_sell(1)

    target = max(candidates, key=nearness)
    return Choice(
        label=in_language(value["value"]),
        sku=target.info.sku,
        cover=target.summary.get("cover", {}),
        current=_values(selected).get(value["option"]) == value["id"],
        exact=_values(target) == wanted,
        can_sell=target.info.can_sell(1),
    )


def _all_differ(covers: Sequence[dict[str, Any]]) -> bool:
    names = [str(cover.get("renditions")) for cover in covers]
    return all(covers) and len(set(names)) == len(names)


def _pictures(product: Product, selected: _Variant | None) -> list[dict[str, Any]]:
    """What shows the selected variant, then what shows the whole product; without either, all there is."""
    own = [entry["picture"] for entry in product.gallery if selected and selected.info.variant_id in entry["variants"]]
    general = [entry["picture"] for entry in product.gallery if entry["general"]]
    return [*own, *general] or [entry["picture"] for entry in product.gallery]


def cards_by_slug(slugs: Sequence[str]) -> list[str]:
    """The cards of the visible products among these, in the same order, at most eight; in one query."""
    wanted = [slug for slug in dict.fromkeys(slugs) if slug_re.match(slug)][:MOST_RECENT]
    if not wanted:
        return []
    language = get_language() or settings.LANGUAGE_CODE
    found = dict(Listing.objects.filter(slug__in=wanted).values_list("slug", "cards"))
    return [found[slug].get(language, "") for slug in wanted if slug in found]
