"""The options and values that a batch of drafts needs; those of the shop stay as they are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from apps.catalog.importing.drafts import ProductDraft
from apps.catalog.importing.translating import merged, of_field
from apps.catalog.models import Option, OptionValue, Product


class Options:
    """`values` holds every value of the batch's products by address, option and text."""

    def __init__(self, products: Mapping[str, Product], created: set[str], drafts: Sequence[ProductDraft]) -> None:
        self.products = products
        self.created = created
        self.drafts = drafts
        self.values: dict[tuple[str, str, str], OptionValue] = {}
        self.made: dict[str, dict[str, list[int]]] = {}

    def write(self) -> set[str]:
        """Make what is missing, translate what is there; the addresses of products that got other texts."""
        options: dict[tuple[str, str], Option] = {}
        for slug, product in self.products.items():
            for option in product.options.all() if product.slug not in self.created else ():
                options[slug, option.name] = option
                for value in option.values.all():
                    value.option = option
                    self.values[slug, option.name, value.value] = value
        new = []
        for draft in self.drafts:
            product = self.products[draft.slug]
            known = sum(1 for slug, _name in options if slug == draft.slug) if draft.slug not in self.created else 0
            for name in draft.option_names:
                if (draft.slug, name) not in options:
                    options[draft.slug, name] = Option(
                        product=product, name=name, position=known, translations=_texts(draft, "name", name)
                    )
                    new.append(options[draft.slug, name])
                    known += 1
        Option.objects.bulk_create(new)
        for option in new:
            self._remember("options", option.product, option.pk)
        self._write_values(options)
        return self._translate(options)

    def _write_values(self, options: dict[tuple[str, str], Option]) -> None:
        counts: Counter[int] = Counter(value.option_id for value in self.values.values())
        new = []
        for draft in self.drafts:
            for line in draft.variants:
                for name, text in zip(draft.option_names, line.values, strict=True):
                    if (draft.slug, name, text) not in self.values:
                        option = options[draft.slug, name]
                        value = OptionValue(
                            option=option,
                            value=text,
                            position=counts[option.pk],
                            translations=_texts(draft, "value", name, text),
                        )
                        counts[option.pk] += 1
                        self.values[draft.slug, name, text] = value
                        new.append(value)
        OptionValue.objects.bulk_create(new)
        for row in new:
            self._remember("values", row.option.product, row.pk)

    def _remember(self, kind: str, product: Product, pk: int) -> None:
        self.made.setdefault(product.slug, {}).setdefault(kind, []).append(pk)

    def _translate(self, options: dict[tuple[str, str], Option]) -> set[str]:
        """Options and values that the shop had already get the texts of the file."""
        changed: dict[str, list[Any]] = {"name": [], "value": []}
        touched = set()
        for draft in self.drafts:
            for (name, text), texts in draft.option_texts.items():
                field = "value" if text else "name"
                row: Any = self.values.get((draft.slug, name, text)) if text else options.get((draft.slug, name))
                if row is None:
                    continue
                wanted = merged(row.translations, of_field(field, texts))
                if wanted != row.translations:
                    row.translations = wanted
                    changed[field].append(row)
                    touched.add(draft.slug)
        Option.objects.bulk_update(changed["name"], ["translations"])
        OptionValue.objects.bulk_update(changed["value"], ["translations"])
        return touched


def _texts(draft: ProductDraft, field: str, name: str, value: str = "") -> dict[str, Any]:
    return of_field(field, draft.option_texts.get((name, value), {}))
