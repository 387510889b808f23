"""Files that know no addresses: which product of the shop a draft means.

A product is known by its articles, so that one that was renamed at the source stays the same here; else by its name.
"""

from collections.abc import Sequence

from django.db.models import Q

from apps.catalog.importing.drafts import ProductDraft
from apps.catalog.importing.naming import slug_of
from apps.catalog.models import Variant


class Adoption:
    """Gives each draft of a run an address of its own."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def settle(self, drafts: Sequence[ProductDraft]) -> None:
        known = _products_by_sku({line.merchant_sku for draft in drafts for line in draft.variants} - {""})
        for draft in drafts:
            slugs = {known[line.merchant_sku] for line in draft.variants if line.merchant_sku in known}
            if len(slugs) == 1 and not slugs & self._taken:
                draft.slug = slugs.pop()
            while draft.slug in self._taken:
                draft.slug = slug_of(f"{draft.slug[:140]}-{draft.lead_row}")
            self._taken.add(draft.slug)


def _products_by_sku(skus: set[str]) -> dict[str, str]:
    """Which product has an article; one SKU at two products says nothing."""
    found: dict[str, set[str]] = {}
    variants = Variant.objects.filter(Q(sku__in=skus) | Q(merchant_sku__in=skus)) if skus else Variant.objects.none()
    for sku, merchant_sku, slug in variants.order_by().values_list("sku", "merchant_sku", "product__slug"):
        for name in {sku, merchant_sku} & skus:
            found.setdefault(name, set()).add(slug)
    return {sku: slugs.pop() for sku, slugs in found.items() if len(slugs) == 1}
