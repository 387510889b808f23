"""Filter values: which options the listed products have, one row for each value however many products share it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q

from apps.catalog.models import Facet, Listing, OptionValue, Product
from apps.catalog.text import address_part
from apps.core.translation import all_languages

# Names in the address of a list that mean something else than an option.
RESERVED_KEYS = frozenset(
    {
        "q",
        "category",
        "sort",
        "page",
        "available",
        "on-sale",
        "price-min",
        "price-max",
        "variant",
        "preview",
        "after",
        "before",
    }
)


class FacetChange(NamedTuple):
    """The ids of a listing's filter values before and after publishing."""

    before: frozenset[int]
    after: frozenset[int]


def write_facets(products: Sequence[Product]) -> dict[int, FacetChange]:
    """Bring the listed products' filter values in line with their variants; options are expected to be loaded.

    Returns what each product had and has.
    """
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
    stored = stored_facets(wanted)
    changes = {
        product_id: FacetChange(stored[product_id], frozenset(known[key] for key in keys))
        for product_id, keys in wanted.items()
    }
    _link(changes)
    return changes


def stored_facets(product_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """The ids of the filter values that these listings have, in one query."""
    found: dict[int, set[int]] = {product_id: set() for product_id in product_ids}
    rows = Listing.facets.through.objects.filter(listing_id__in=list(found)).values_list("listing_id", "facet_id")
    for product_id, facet_id in rows:
        found[product_id].add(facet_id)
    return {product_id: frozenset(ids) for product_id, ids in found.items()}


def _link(changes: Mapping[int, FacetChange]) -> None:
    through = Listing.facets.through
    surplus = Q(pk__in=[])
    for product_id, change in changes.items():
        if gone := change.before - change.after:
            surplus |= Q(listing_id=product_id, facet_id__in=gone)
    if len(surplus) > 1:
        through.objects.filter(surplus).delete()
    missing = [
        through(listing_id=product_id, facet_id=pk)
        for product_id, change in changes.items()
        for pk in sorted(change.after - change.before)
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

    known = read()
    missing = [facets[key] for key in sorted(facets) if key not in known]
    if missing:
        Facet.objects.bulk_create(missing, ignore_conflicts=True)
        known = read()
    return known
