"""Filter values: which options the listed products have, one row for each value however many products share it."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import Q

from apps.catalog.models import Facet, Listing, OptionValue, Product
from apps.catalog.models.translation import all_languages
from apps.catalog.text import address_part

# Names in the address of a list that mean something else than an option.
RESERVED_KEYS = frozenset(
    {"q", "category", "sort", "page", "available", "on-sale", "price-min", "price-max", "variant", "preview"}
)


def write_facets(products: Sequence[Product]) -> None:
    """Bring the listed products' filter values in line with their variants; options are expected to be loaded."""
    wanted: dict[int, set[tuple[str, str]]] = {}
    facets: dict[tuple[str, str], Facet] = {}
    for product in products:
        keys = wanted[product.pk] = set()
        for variant in product.variants.all():
            for value in variant.values.all():
                facet = _facet(value)
                keys.add((facet.option, facet.value))
                facets.setdefault((facet.option, facet.value), facet)
    known = _stored_facets(facets)
    _link({product_id: {known[key] for key in keys} for product_id, keys in wanted.items()})


def _link(wanted: dict[int, set[int]]) -> None:
    through = Listing.facets.through
    stored: dict[int, set[int]] = {product_id: set() for product_id in wanted}
    for product_id, facet_id in through.objects.filter(listing_id__in=wanted).values_list("listing_id", "facet_id"):
        stored[product_id].add(facet_id)
    surplus = Q(pk__in=[])
    for product_id, have in stored.items():
        if gone := have - wanted[product_id]:
            surplus |= Q(listing_id=product_id, facet_id__in=gone)
    if len(surplus) > 1:
        through.objects.filter(surplus).delete()
    missing = [
        through(listing_id=product_id, facet_id=pk)
        for product_id, ids in wanted.items()
        for pk in sorted(ids - stored[product_id])
    ]
    if missing:
        through.objects.bulk_create(missing, ignore_conflicts=True)


def _facet(value: OptionValue) -> Facet:
    option = address_part(value.option.name)
    names = {"option_name": all_languages(value.option, "name"), "value_name": all_languages(value, "value")}
    languages = [code for code, _ in settings.LANGUAGES]
    return Facet(
        option=f"option-{option}"[:60] if option in RESERVED_KEYS else option,
        value=address_part(value.value),
        option_name=value.option.name,
        value_name=value.value,
        position=value.position,
        translations={
            language: {field: texts[language] for field, texts in names.items() if language in texts}
            for language in languages
            if any(language in texts for texts in names.values())
        },
    )


def _stored_facets(facets: dict[tuple[str, str], Facet]) -> dict[tuple[str, str], int]:
    """Ids of the filter values, made where they are missing. The first product to use a value names it."""
    options = {option for option, _ in facets}

    def read() -> dict[tuple[str, str], int]:
        rows = Facet.objects.filter(option__in=options).values_list("option", "value", "pk")
        return {(option, value): pk for option, value, pk in rows}

    known = read() if options else {}
    missing = [facets[key] for key in sorted(facets) if key not in known]
    if missing:
        Facet.objects.bulk_create(missing, ignore_conflicts=True)
        known = read()
    return known
