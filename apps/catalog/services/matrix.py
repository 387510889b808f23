"""A product's options and variants as a matrix: which combinations exist, with holes where one does not.

Every service works inside the caller's transaction and leaves publishing to it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from itertools import product as cross
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from apps.catalog.errors import TooManyVariants, VariantsAlike, VariantSold
from apps.catalog.models import Option, OptionValue, Product, Stock, StockMovement, Variant
from apps.catalog.services.publishing import option_key, unlist
from apps.catalog.services.stock import adjust_stock
from apps.catalog.text import address_part

MOST_VARIANTS = 500
Combination = tuple[OptionValue, ...]


@dataclass(frozen=True, slots=True)
class OptionRow:
    """An option as it was typed; `pk` is None for a new one. Translations are by language, values in the same order."""

    name: str
    values: Sequence[str]
    pk: int | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    value_names: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VariantDefaults:
    """What new variants begin with: price in minor units, weight in grams, pieces on the shelf."""

    price: int | None = None
    sku_prefix: str = ""
    weight_grams: int = 0
    on_hand: int = 0


def write_options(*, product: Product, rows: Sequence[OptionRow]) -> set[int]:
    """Bring a product's options in line with the rows, in their order; returns the ids of values that are new.

    A name at the place of one that is gone renames it. Variants of a value that is gone go with it, and the variants
    that a product already has take the first value of a new option. Raises VariantSold if one of them was ordered
    before, VariantsAlike if two variants would become the same; the caller's transaction rolls back.
    """
    with transaction.atomic():
        Product.objects.select_for_update(no_key=True).get(pk=product.pk)
        kept = {row.pk for row in rows if row.pk}
        product.options.exclude(pk__in=kept).delete()
        for option in product.options.all():
            # Two options may swap their names, which are unique.
            Option.objects.filter(pk=option.pk).update(name=f"~{option.pk}")
        new: set[int] = set()
        for position, row in enumerate(rows):
            new |= _write_option(product, row, position)
        _write_keys(product)
    return new


def make_variants(
    *, product: Product, defaults: VariantDefaults, new_values: set[int], fill: bool = False, actor: Any = None
) -> list[Variant]:
    """Make the combinations of new values, or with `fill` every one that is missing; returns them.

    Holes stay holes otherwise. Raises TooManyVariants, having changed nothing.
    """
    combinations = _combinations(product)
    existing = set(product.variants.values_list("option_key", flat=True))
    missing = [
        values
        for values in combinations
        if option_key(values) not in existing and (fill or any(value.pk in new_values for value in values))
    ]
    if len(existing) + len(missing) > MOST_VARIANTS:
        raise TooManyVariants(MOST_VARIANTS)
    with transaction.atomic():
        made = [_make_variant(product, values, defaults, actor) for values in missing]
        _order_variants(product, combinations)
    return made


def delete_variants(*, variants: Iterable[Variant]) -> None:
    """Remove variants that nobody ever ordered, with their stock and its history.

    Raises VariantSold naming the others; the caller's transaction rolls back.
    """
    sold = []
    with transaction.atomic():
        for variant in variants:
            sku, pk = variant.sku, variant.pk
            try:
                with transaction.atomic():
                    StockMovement.objects.filter(variant_id=pk).delete()
                    Variant.objects.filter(pk=pk).delete()
            except ProtectedError:
                sold.append(sku)
        if sold:
            raise VariantSold(sold)


def delete_product(*, product: Product) -> None:
    """Remove a product that was never sold. Raises VariantSold, having changed nothing: archive it instead."""
    with transaction.atomic():
        delete_variants(variants=product.variants.all())
        unlist([product.pk])
        product.delete()


def delete_products(*, products: Collection[Product]) -> None:
    """Remove products that were never sold, in a few statements for all. Raises VariantSold, having changed nothing."""
    ids = [product.pk for product in products]
    variants = Variant.objects.filter(product_id__in=ids)
    skus = dict(variants.values_list("pk", "sku"))
    try:
        with transaction.atomic():
            StockMovement.objects.filter(variant_id__in=list(skus)).delete()
            variants.delete()
            unlist(ids)
            Product.objects.filter(pk__in=ids).delete()
    except ProtectedError as error:
        raise VariantSold(sorted({skus[row.variant_id] for row in error.protected_objects})) from error  # type: ignore[attr-defined]


def _write_option(product: Product, row: OptionRow, position: int) -> set[int]:
    option = product.options.filter(pk=row.pk).first() if row.pk else None
    is_new = option is None
    option = option or Option(product=product)
    option.name, option.position = row.name, position
    for language, name in row.names.items():
        _translate(option, language, "name", name)
    option.save()
    known = _kept_values(option, row.values)
    new: set[int] = set()
    for place, text in enumerate(row.values):
        value = known.get(text) or OptionValue(option=option)
        value.value, value.position = text, place
        for language, texts in row.value_names.items():
            _translate(value, language, "value", texts[place] if place < len(texts) else "")
        if value.pk is None:
            value.save()
            new.add(value.pk)
        else:
            value.save()
        known[text] = value
    if is_new and row.values:
        first = known[row.values[0]]
        for variant in product.variants.all():
            variant.values.add(first)
    return new


def _kept_values(option: Option, names: Sequence[str]) -> dict[str, OptionValue]:
    """The values that stay, by the name that they have from now on; those that are gone are deleted."""
    stored = list(option.values.all())
    kept = {value.value: value for value in stored if value.value in names}
    for place, value in enumerate(stored):
        if value.value in kept:
            continue
        if place < len(names) and names[place] not in kept:
            kept[names[place]] = value
        else:
            delete_variants(variants=value.variants.all())
            value.delete()
    return kept


def _translate(row: Option | OptionValue, language: str, name: str, text: str) -> None:
    texts = {key: value for key, value in row.translations.get(language, {}).items() if key != name}
    if text:
        texts[name] = text
    row.translations = {**row.translations, language: texts}


def _combinations(product: Product) -> list[Combination]:
    """Every combination in the order of options and values; one empty one for a product without options."""
    values = OptionValue.objects.filter(option__product=product).select_related("option")
    by_option: dict[int, list[OptionValue]] = {}
    for value in values.order_by("option__position", "option_id", "position", "pk"):
        by_option.setdefault(value.option_id, []).append(value)
    size = 1
    for options in by_option.values():
        size *= len(options)
    if size > MOST_VARIANTS:
        raise TooManyVariants(MOST_VARIANTS)
    return list(cross(*by_option.values()))


def _make_variant(product: Product, values: Combination, defaults: VariantDefaults, actor: Any) -> Variant:
    variant = Variant.objects.create(
        product=product,
        sku=_free_sku(defaults.sku_prefix or address_part(product.slug)[:30].upper().strip("-"), values),
        option_key=option_key(values),
        price=defaults.price,
        weight_grams=defaults.weight_grams,
    )
    variant.values.set(values)
    Stock.objects.create(variant=variant)
    if defaults.on_hand:
        adjust_stock(variant=variant, delta=defaults.on_hand, reason=StockMovement.Reason.INITIAL, actor=actor)
    return variant


def _free_sku(prefix: str, values: Combination) -> str:
    """Prefix and values, "MUG-RED-S", and a number behind where that is taken."""
    parts = [prefix, *(address_part(value.value).upper()[:12].strip("-") for value in values)]
    base = re.sub(r"-{2,}", "-", "-".join(parts))[:58].strip("-")
    taken = set(Variant.objects.filter(sku__startswith=base).values_list("sku", flat=True))
    numbered = (f"{base}-{number}" for number in count(2))
    return next(sku for sku in chain([base], numbered) if sku not in taken)


def _write_keys(product: Product) -> None:
    variants = list(product.variants.prefetch_related("values__option"))
    keys = {variant.pk: option_key(variant.values.all()) for variant in variants}
    if len(set(keys.values())) < len(keys):
        raise VariantsAlike
    changed = [variant for variant in variants if variant.option_key != keys[variant.pk]]
    for variant in changed:
        # Keys may swap; each is unique within its product.
        Variant.objects.filter(pk=variant.pk).update(option_key=f"~{variant.pk}")
    for variant in changed:
        Variant.objects.filter(pk=variant.pk).update(option_key=keys[variant.pk])


def _order_variants(product: Product, combinations: Sequence[Combination]) -> None:
    places = {option_key(values): place for place, values in enumerate(combinations)}
    moved = []
    for variant in product.variants.all():
        place = places.get(variant.option_key, len(places))
        if variant.position != place:
            variant.position = place
            moved.append(variant)
    Variant.objects.bulk_update(moved, ["position"])
