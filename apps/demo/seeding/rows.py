"""Products as rows: everything in bulk, because a trial has tens of thousands of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from apps.catalog.models import Option, OptionValue, PriceChange, Product, ProductImage, Stock, StockMovement, Variant
from apps.catalog.services import option_key
from apps.demo.catalogue import DemoPicture, DemoProduct, DemoVariant
from apps.demo.pictures import sizes
from apps.demo.seeding.local import in_languages, minor

Values = dict[str, OptionValue]  # of one product, by the English value


def write_products(dated: Sequence[tuple[datetime, DemoProduct]], categories: Mapping[str, int]) -> list[int]:
    """Write products, each with the moment it was published; returns their ids, for `services.publish`.

    Belongs into the caller's transaction. Slugs and SKUs must be free.
    """
    products = Product.objects.bulk_create([_product(product, at, categories) for at, product in dated])
    pairs = list(zip(products, [product for _, product in dated], strict=True))
    values = _write_options(pairs)
    variants = _write_variants(pairs, values)
    _write_stock(pairs, variants)
    _write_prices(pairs, variants)
    _write_images(pairs, variants)
    return [product.pk for product in products]


def _product(product: DemoProduct, published_at: datetime, categories: Mapping[str, int]) -> Product:
    return Product(
        slug=product.slug,
        vendor=product.vendor,
        maker_details=f"{product.vendor}\nMusterstraße 1, 10115 Berlin\nworkshop@example.com" if product.vendor else "",
        category_id=categories[product.category],
        tax_class=product.tax_class,
        status=Product.Status.ACTIVE,
        published_at=published_at,
        **in_languages(title=product.title, subtitle=product.subtitle, description=product.description),
    )


def _write_options(pairs: Sequence[tuple[Product, DemoProduct]]) -> dict[int, Values]:
    sources = [
        (product, position, option) for product, source in pairs for position, option in enumerate(source.options)
    ]
    options = Option.objects.bulk_create(
        Option(product=product, position=position, **in_languages(name=option.name))
        for product, position, option in sources
    )
    found: dict[int, Values] = {product.pk: {} for product, _ in pairs}
    rows = []
    for row, (product, _, option) in zip(options, sources, strict=True):
        for position, value in enumerate(option.values):
            rows.append(OptionValue(option=row, position=position, **in_languages(value=value)))
            found[product.pk][value.en] = rows[-1]
    OptionValue.objects.bulk_create(rows)
    return found


def _write_variants(pairs: Sequence[tuple[Product, DemoProduct]], values: Mapping[int, Values]) -> dict[str, Variant]:
    made, chosen = [], []
    for product, source in pairs:
        for position, variant in enumerate(source.variants):
            picked = [values[product.pk][value] for value in variant.values]
            made.append(_variant(product, variant, position, picked))
            chosen.append(picked)
    Variant.objects.bulk_create(made)
    through = Variant.values.through
    through.objects.bulk_create(
        through(variant_id=variant.pk, optionvalue_id=value.pk)
        for variant, picked in zip(made, chosen, strict=True)
        for value in picked
    )
    return {variant.sku: variant for variant in made}


def _variant(product: Product, variant: DemoVariant, position: int, values: Sequence[OptionValue]) -> Variant:
    return Variant(
        product=product,
        sku=variant.sku,
        option_key=option_key(values),
        price=minor(variant.price),
        compare_at_price=None if variant.compare_at is None else minor(variant.compare_at),
        weight_grams=variant.weight_grams,
        position=position,
    )


def _write_prices(pairs: Sequence[tuple[Product, DemoProduct]], variants: Mapping[str, Variant]) -> None:
    """What is reduced was offered at its former price before: the shop says so beside a reduced price."""
    rows = [(product.published_at, variants[source.sku]) for product, demo in pairs for source in demo.variants]
    PriceChange.objects.bulk_create(
        PriceChange(variant=variant, price=variant.compare_at_price, at=published_at)
        for published_at, variant in rows
        if published_at and variant.compare_at_price is not None
    )


def _write_stock(pairs: Sequence[tuple[Product, DemoProduct]], variants: Mapping[str, Variant]) -> None:
    sources = [variant for _, source in pairs for variant in source.variants]
    Stock.objects.bulk_create(
        Stock(variant=variants[source.sku], on_hand=source.stock, backorder=source.backorder) for source in sources
    )
    StockMovement.objects.bulk_create(
        StockMovement(variant=variants[source.sku], delta=source.stock, reason=StockMovement.Reason.INITIAL)
        for source in sources
        if source.stock
    )


def _write_images(pairs: Sequence[tuple[Product, DemoProduct]], variants: Mapping[str, Variant]) -> None:
    ProductImage.objects.bulk_create(
        _image(product, picture, position, _shown_variant(source, picture, variants))
        for product, source in pairs
        for position, picture in enumerate(source.pictures)
    )


def _shown_variant(source: DemoProduct, picture: DemoPicture, variants: Mapping[str, Variant]) -> Variant | None:
    """The first variant of the colour a picture shows; the catalogue lends it to those that look alike.

    The closer picture shows the first colour. A product without such pictures shows all of them for every variant.
    """
    shown = picture.shows or source.pictures[0].shows
    if not shown:
        return None
    return next(variants[variant.sku] for variant in source.variants if shown in variant.values)


def _image(product: Product, picture: DemoPicture, position: int, variant: Variant | None) -> ProductImage:
    return ProductImage(
        product=product,
        variant=variant,
        position=position,
        static_name=f"img/demo/{picture.name}",
        renditions=sizes.renditions(picture.name),
        width=sizes.WIDTH,
        height=sizes.HEIGHT,
        state=ProductImage.State.READY,
        **in_languages(alt=picture.alt),
    )
