"""Listings: the flat rows that lists, home and search read. Every write to the catalogue ends here."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import F, Prefetch, Q
from django.utils import timezone

from apps.catalog.errors import NothingToSell
from apps.catalog.looks import picture_sources
from apps.catalog.models import Listing, OptionValue, Product, ProductImage, Variant
from apps.catalog.models.translation import all_languages
from apps.catalog.services.facets import write_facets
from apps.catalog.text import fold, plain

BATCH = 500
LISTING_FIELDS = [
    "slug", "title", "subtitle", "translations", "category_path", "price_min", "price_max", "compare_at",
    "on_sale", "available", "cover", "search_text", "published_at",
]  # fmt: skip


def publish(product_ids: Iterable[int]) -> None:
    """Bring listings, filter values and variant summaries in line with these products.

    A visible product gets or keeps its listing, any other loses it. Safe to repeat; joins the caller's transaction and
    should be its last step but for stock holds, because it locks the products' listings.
    """
    for ids in batched(sorted(set(product_ids)), BATCH, strict=False):
        with transaction.atomic(savepoint=False):
            _publish_batch(ids)


def publish_availability(product_ids: Iterable[int]) -> None:
    """Bring only "can be bought" of these products' listings in line with their stock; joins the transaction.

    The listings are locked first and the stock is read after that, so of two buyers who take the last piece of two
    variants at once the later one sees the whole.
    """
    ids = sorted(set(product_ids))
    with transaction.atomic(savepoint=False):
        listed = dict(
            Listing.objects.select_for_update(no_key=True)
            .filter(pk__in=ids)
            .order_by("pk")
            .values_list("pk", "available")
        )
        sellable = sellable_products(ids)
        for state in (True, False):
            changed = [pk for pk, was in listed.items() if (pk in sellable) is state and was is not state]
            if changed:
                Listing.objects.filter(pk__in=changed).update(available=state)


def sellable_products(product_ids: Sequence[int]) -> set[int]:
    """Which of these products have a variant with a price and a piece, or a back-order, to sell."""
    return set(
        Variant.objects.filter(product_id__in=product_ids, price__isnull=False)
        .filter(Q(stock__backorder=True) | Q(stock__on_hand__gt=F("stock__reserved")))
        .order_by()
        .values_list("product_id", flat=True)
        .distinct()
    )


def activate_product(*, product: Product) -> Product:
    """Show the product in the shop. Raises NothingToSell without a variant; nothing is changed then."""
    if not product.variants.exists():
        raise NothingToSell
    return _set_status(product, Product.Status.ACTIVE)


def archive_product(*, product: Product) -> Product:
    """Take the product out of the shop; what was sold of it stays readable."""
    return _set_status(product, Product.Status.ARCHIVED)


def _set_status(product: Product, status: Product.Status) -> Product:
    with transaction.atomic():
        product.status = status
        product.save(update_fields=["status", "updated_at"])
        publish([product.pk])
    product.refresh_from_db(fields=["published_at"])
    return product


def option_key(values: Iterable[OptionValue]) -> str:
    """`Variant.option_key` of a combination: the ids of its values in the order of their options."""
    ordered = sorted(values, key=lambda value: (value.option.position, value.option_id))
    return "-".join(str(value.pk) for value in ordered)


def _publish_batch(ids: Sequence[int]) -> None:
    # Two writers of one product take turns; the rows are read after the lock.
    locked = Product.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids).order_by("pk")
    list(locked.values_list("pk", flat=True))
    list(
        Listing.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids).order_by("pk").values_list("pk")
    )
    products = _load(ids)
    _write_galleries(products)
    _write_summaries(products)
    visible = [product for product in products if product.is_visible]
    _date_first_publication(visible)
    shown = {product.pk for product in visible}
    Listing.objects.filter(pk__in=[pk for pk in ids if pk not in shown]).delete()
    if visible:
        Listing.objects.bulk_create(
            [_listing(product) for product in visible],
            update_conflicts=True,
            unique_fields=["product"],
            update_fields=LISTING_FIELDS,
        )
        write_facets(visible)


def _load(ids: Sequence[int]) -> list[Product]:
    values = OptionValue.objects.select_related("option").order_by("option__position", "option_id", "position", "pk")
    variants = Variant.objects.select_related("stock").prefetch_related(Prefetch("values", values))
    return list(
        Product.objects.filter(pk__in=ids)
        .select_related("category")
        .prefetch_related(Prefetch("variants", variants), "images")
        .order_by("pk")
    )


def _date_first_publication(products: Iterable[Product]) -> None:
    undated = [product for product in products if product.published_at is None]
    now: datetime = timezone.now()
    for product in undated:
        product.published_at = now
    if undated:
        Product.objects.filter(pk__in=[product.pk for product in undated]).update(published_at=now)


def _listing(product: Product) -> Listing:
    variants = list(product.variants.all())
    priced = sorted((v for v in variants if v.price is not None), key=lambda v: v.price or 0)
    return Listing(
        product_id=product.pk,
        slug=product.slug,
        title=product.title,
        subtitle=product.subtitle,
        translations={
            language: {field: texts[field] for field in ("title", "subtitle") if texts.get(field)}
            for language, texts in product.translations.items()
        },
        category_path=f"{product.category.path}/" if product.category else "",
        price_min=priced[0].price if priced else None,
        price_max=priced[-1].price if priced else None,
        compare_at=priced[0].compare_at_price if priced else None,
        on_sale=any(v.compare_at_price is not None for v in priced),
        available=any(_can_sell(v) for v in priced),
        cover=_cover(product),
        search_text=_search_text(product, variants),
        published_at=product.published_at or timezone.now(),
    )


def _can_sell(variant: Variant) -> bool:
    stock = getattr(variant, "stock", None)
    return stock is not None and stock.can_sell(1)


def _cover(product: Product) -> dict[str, Any]:
    """The first picture that is ready."""
    images = _ready_images(product)
    return images[0].as_spec() if images else {}


def _ready_images(product: Product) -> list[ProductImage]:
    return [image for image in product.images.all() if image.state == ProductImage.State.READY]


def _variant_images(product: Product) -> dict[int, ProductImage]:
    """The first picture of each variant that has one of its own."""
    return {image.variant_id: image for image in reversed(_ready_images(product)) if image.variant_id}


def _search_text(product: Product, variants: Iterable[Variant]) -> str:
    """Folded words; titles first, because a match nearer to the start counts for more."""
    translated = list(product.translations.values())
    parts = [product.title, *(texts.get("title", "") for texts in translated), product.subtitle, product.vendor]
    for variant in variants:
        parts += [variant.sku, variant.merchant_sku, variant.barcode]
        for value in variant.values.all():
            parts += [value.value, *(texts.get("value", "") for texts in value.translations.values())]
    if product.category:
        parts += all_languages(product.category, "name").values()
    parts += [texts.get("subtitle", "") for texts in translated]
    parts += [plain(text) for text in (product.description, *(texts.get("description", "") for texts in translated))]
    return fold(" ".join(dict.fromkeys(part for part in parts if part)))


def _write_galleries(products: Iterable[Product]) -> None:
    changed = []
    for product in products:
        showing = picture_sources(list(product.variants.all()), _variant_images(product))
        gallery = [
            {
                "variants": [pk for pk, source in showing.items() if source == image.variant_id],
                "general": image.variant_id is None,
                "picture": image.as_spec(),
            }
            for image in _ready_images(product)
        ]
        if product.gallery != gallery:
            product.gallery = gallery
            changed.append(product)
    if changed:
        Product.objects.bulk_update(changed, ["gallery"], batch_size=BATCH)


def _write_summaries(products: Iterable[Product]) -> None:
    changed = []
    for product in products:
        cover, own = _cover(product), _variant_images(product)
        variants = list(product.variants.all())
        showing = picture_sources(variants, own)
        for variant in variants:
            image = own.get(showing.get(variant.pk, 0))
            summary = {"options": _options(variant), "cover": image.as_spec() if image else cover}
            if variant.summary != summary:
                variant.summary = summary
                changed.append(variant)
    if changed:
        Variant.objects.bulk_update(changed, ["summary"], batch_size=BATCH)


def _options(variant: Variant) -> list[dict[str, Any]]:
    return [
        {
            "option": value.option_id,
            "name": all_languages(value.option, "name"),
            "id": value.pk,
            "value": all_languages(value, "value"),
            "position": value.position,
        }
        for value in variant.values.all()
    ]
