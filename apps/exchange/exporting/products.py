"""Products as the shop's own file (`catalog.importing.own`): the import gives back what this wrote, to the byte."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Prefetch, QuerySet

from apps.catalog.importing.own_columns import TRANSLATED, columns, join_path, languages
from apps.catalog.importing.pictures import address_of
from apps.catalog.models import Category, Option, OptionValue, Product, ProductImage, Variant
from apps.core.sanitize import sanitize_html
from apps.exchange.exporting.texts import amount, block, line, yes_or_no
from apps.exchange.exporting.walking import in_chunks

CHUNK = 200


def product_records(chosen: QuerySet[Product] | None = None) -> Iterator[list[str]]:
    """The header and a record per variant, oldest product first; a product without variants has one record."""
    header = columns(_most_options())
    yield header
    branches = _branches()
    for product in _products(chosen):
        for cells in _records(product, branches):
            yield [cells.get(name, "") for name in header]


def _most_options() -> int:
    counts = Option.objects.order_by().values("product_id").annotate(number=Count("pk"))
    return counts.aggregate(most=Max("number"))["most"] or 0


def _branches() -> dict[int, list[Category]]:
    """Each category with those above it, from the root."""
    known = {category.pk: category for category in Category.objects.order_by()}
    branches: dict[int, list[Category]] = {}
    for pk, category in known.items():
        branch, node = [category], category
        while node.parent_id:
            node = known[node.parent_id]
            branch.insert(0, node)
        branches[pk] = branch
    return branches


def _products(chosen: QuerySet[Product] | None) -> Iterator[Product]:
    values = OptionValue.objects.select_related("option").order_by("option__position", "option_id")
    variants = Variant.objects.select_related("stock").prefetch_related(Prefetch("values", values))
    pictures = ProductImage.objects.exclude(source_url="", file="").order_by("position", "pk")
    options = Option.objects.order_by("position", "pk")
    products = Product.objects.prefetch_related(
        Prefetch("variants", variants), Prefetch("images", pictures), Prefetch("options", options)
    )
    for chunk in in_chunks(products, chosen, CHUNK):
        yield from chunk


def _records(product: Product, branches: dict[int, list[Category]]) -> Iterator[dict[str, str]]:
    cells = _product_cells(product, branches)
    images = list(product.images.all())
    for variant in product.variants.all():
        yield cells | {"product": product.slug} | _variant_cells(product, variant, images)
        cells = {}
    if cells:
        yield cells


def _product_cells(product: Product, branches: dict[int, list[Category]]) -> dict[str, str]:
    branch = branches.get(product.category_id or 0, [])
    images = list(product.images.all())
    cells = {
        "product": product.slug,
        "title": line(product.title),
        "subtitle": line(product.subtitle),
        "description": sanitize_html(product.description),
        "maker": line(product.vendor),
        "category": join_path([category.name for category in branch]),
        "category_path": branch[-1].path if branch else "",
        "status": product.status,
        "tax_class": product.tax_class,
        "seo_title": line(product.seo_title),
        "seo_description": line(product.seo_description),
        "pictures": _pictures(images),
    }
    for language in languages():
        texts = product.translations.get(language, {})
        for field in TRANSLATED:
            text = texts.get(field, "")
            cells[f"{field}_{language}"] = sanitize_html(text) if field == "description" else line(text)
        cells[f"pictures_{language}"] = _pictures(images, language)
    return cells


def _pictures(images: list[ProductImage], language: str = "") -> str:
    """A line each: address and text. In another language only those that have one there."""
    lines: dict[str, str] = {}
    for image in images:
        text = image.translations.get(language, {}).get("alt", "") if language else image.alt
        if text or not language:
            lines.setdefault(address_of(image), line(text))
    return "\n".join(f"{address} {text}".strip() for address, text in lines.items())


def _variant_cells(product: Product, variant: Variant, images: list[ProductImage]) -> dict[str, str]:
    stock: Any = getattr(variant, "stock", None)
    cells = {
        "sku": variant.sku,
        "source_sku": variant.merchant_sku.strip(),
        "price": amount(variant.price, settings.SHOP_CURRENCY),
        "price_before": amount(variant.compare_at_price, settings.SHOP_CURRENCY),
        "on_hand": str(stock.on_hand if stock else 0),
        "sell_when_sold_out": yes_or_no(bool(stock and stock.backorder)),
        "weight_grams": str(variant.weight_grams),
        "barcode": variant.barcode.strip(),
        "variant_pictures": "\n".join(
            dict.fromkeys(address_of(image) for image in images if image.variant_id == variant.pk)
        ),
    }
    values = {value.option_id: value for value in variant.values.all()}
    for number, option in enumerate(product.options.all(), start=1):
        if not (value := values.get(option.pk)):
            continue
        cells |= {f"option_{number}": block(option.name), f"value_{number}": block(value.value)}
        for language in languages():
            cells[f"option_{number}_{language}"] = block(option.translations.get(language, {}).get("name", ""))
            cells[f"value_{number}_{language}"] = block(value.translations.get(language, {}).get("value", ""))
    return cells
