"""Rows for tests, made through the same services as the shop's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from apps.catalog.models import Category, Option, OptionValue, Product, ProductImage, Stock, StockMovement, Variant
from apps.catalog.services import option_key, publish, save_category

_numbers = count(1)
_waiting: list[set[int]] = []

RENDITIONS = {
    "avif": [[320, "img/demo/mug-320.avif"], [640, "img/demo/mug-640.avif"]],
    "webp": [[480, "img/demo/mug-480.webp"]],
}


@contextmanager
def published_together() -> Iterator[None]:
    """What is made inside is published at its end, all at once: for articles of which none is looked at before."""
    _waiting.append(set())
    try:
        yield
    finally:
        made = _waiting.pop()
    publish(made)


def _publish(product: Product) -> None:
    if _waiting:
        _waiting[-1].add(product.pk)
    else:
        publish([product.pk])


def make_category(
    *, name: str = "Tableware", slug: str = "", parent: Category | None = None, **fields: Any
) -> Category:
    slug = slug or f"{name.lower().replace(' ', '-')}-{next(_numbers)}"
    return save_category(category=Category(name=name, slug=slug, parent=parent, **fields))


def make_product(*, title: str = "Mug", slug: str = "", active: bool = True, **fields: Any) -> Product:
    """A product without variants, and so without anything to buy; `make_variant` adds them."""
    product = _written_product(title=title, slug=slug, active=active, **fields)
    _publish(product)
    return product


def _written_product(*, title: str, slug: str = "", active: bool = True, **fields: Any) -> Product:
    status = Product.Status.ACTIVE if active else Product.Status.DRAFT
    slug = slug or f"{title.lower().replace(' ', '-')}-{next(_numbers)}"
    return Product.objects.create(**{"title": title, "slug": slug, "status": status, **fields})


def make_variant(
    *,
    product: Product | None = None,
    sku: str = "",
    price: int | None = 1999,
    on_hand: int = 10,
    backorder: bool = False,
    options: dict[str, str] | None = None,
    title: str = "Mug",
    active: bool = True,
    product_fields: dict[str, Any] | None = None,
    **fields: Any,
) -> Variant:
    """A variant with stock, of a new product if none is given: `make_variant(options={"Colour": "Moss"})`."""
    position = product.variants.count() if product else 0
    product = product or _written_product(title=title, active=active, **(product_fields or {}))
    values = [_value(product, name, value) for name, value in (options or {}).items()]
    variant = Variant.objects.create(
        product=product,
        sku=sku or f"SKU-{next(_numbers)}",
        price=price,
        option_key=option_key(values),
        **{"position": position, "weight_grams": 400, **fields},
    )
    if values:
        variant.values.set(values)
    # Thousands of tests begin here: its stock is written as a delivery would write it, and published with the rest.
    Stock.objects.create(variant=variant, on_hand=on_hand, backorder=backorder)
    if on_hand:
        StockMovement.objects.create(variant=variant, delta=on_hand, reason=StockMovement.Reason.INITIAL)
    _publish(product)
    variant.refresh_from_db()
    return variant


def make_image(*, product: Product, variant: Variant | None = None, alt: str = "A mug", **fields: Any) -> ProductImage:
    """A finished picture among the static files."""
    image = ProductImage.objects.create(
        product=product,
        variant=variant,
        alt=alt,
        **{
            "static_name": "mug",
            "renditions": RENDITIONS,
            "width": 960,
            "height": 1200,
            "state": ProductImage.State.READY,
            "position": product.images.count(),
            **fields,
        },
    )
    _publish(product)
    return image


def _value(product: Product, name: str, value: str) -> OptionValue:
    option, _ = Option.objects.get_or_create(product=product, name=name, defaults={"position": product.options.count()})
    made, _ = OptionValue.objects.get_or_create(
        option=option, value=value, defaults={"position": option.values.count()}
    )
    return OptionValue.objects.select_related("option").get(pk=made.pk)
