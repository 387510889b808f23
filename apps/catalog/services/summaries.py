"""What publishing keeps beside products and variants, so that their pages and cart lines need no further query."""

from collections.abc import Iterable
from typing import Any

from apps.catalog.looks import picture_sources
from apps.catalog.models import Product, ProductImage, Variant
from apps.core.translation import all_languages

BATCH = 500


def write_galleries(products: Iterable[Product]) -> None:
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


def renew_summaries(products: Iterable[Product]) -> list[Variant]:
    """Bring `Variant.summary` in line, not yet in the database; returns the variants that have another one now."""
    changed = []
    for product in products:
        first, own = cover(product), _variant_images(product)
        variants = list(product.variants.all())
        showing = picture_sources(variants, own)
        for variant in variants:
            image = own.get(showing.get(variant.pk, 0))
            summary = {"options": _options(variant), "cover": image.as_spec() if image else first}
            if variant.summary != summary:
                variant.summary = summary
                changed.append(variant)
    return changed


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


def cover(product: Product) -> dict[str, Any]:
    """The first picture that is ready."""
    images = _ready_images(product)
    return images[0].as_spec() if images else {}


def _ready_images(product: Product) -> list[ProductImage]:
    return [image for image in product.images.all() if image.state == ProductImage.State.READY]


def _variant_images(product: Product) -> dict[int, ProductImage]:
    """The first picture of each variant that has one of its own."""
    return {image.variant_id: image for image in reversed(_ready_images(product)) if image.variant_id}
