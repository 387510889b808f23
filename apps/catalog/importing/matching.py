"""Which variant of the shop a line of the file speaks of."""

from collections.abc import Iterable

from apps.catalog.importing.drafts import ProductDraft, VariantDraft
from apps.catalog.models import Product, Variant

Combination = frozenset[tuple[str, str]]


def combination(names: Iterable[str], values: Iterable[str]) -> Combination:
    return frozenset(zip(names, values, strict=True))


def match_variants(draft: ProductDraft, product: Product) -> tuple[dict[int, Variant], list[Variant]]:
    """Known variants by the place of the line that speaks of them, and those that the file does not mention.

    The shop's own SKU first, where the file knows it. Then the same options, because the source may give one SKU to
    several variants; then the same SKU, for options that were renamed. `product` comes with options, values and
    variants loaded.
    """
    options = [(option, value) for option in product.options.all() for value in option.values.all()]
    texts = {str(value.pk): (option.name, value.value) for option, value in options}
    left = list(product.variants.all())
    by_options = {
        frozenset(texts[pk] for pk in variant.option_key.split("-") if pk in texts): variant for variant in left
    }
    matched: dict[int, Variant] = {}
    for line in draft.variants:
        if line.asked_sku and (own := next((v for v in left if v.sku == line.asked_sku), None)):
            matched[line.position] = own
            left.remove(own)
    for line in draft.variants if draft.states_options else ():
        if line.position in matched:
            continue
        known = by_options.get(combination(draft.option_names, line.values))
        if known in left:
            matched[line.position] = known
            left.remove(known)
    for line in draft.variants:
        if line.position not in matched and (same := _same_sku(line, left)):
            matched[line.position] = same
            left.remove(same)
    return matched, left


def _same_sku(line: VariantDraft, variants: list[Variant]) -> Variant | None:
    if not line.merchant_sku:
        return None
    return next((variant for variant in variants if line.merchant_sku in {variant.sku, variant.merchant_sku}), None)
