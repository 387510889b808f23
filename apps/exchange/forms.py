"""The sheet of a bulk edit: one form with a few fields per article, read back as what is wanted of each row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.catalog.importing import cells
from apps.catalog.models import Category, Product, StockMovement, Variant
from apps.core.money import round_half_up
from apps.exchange.exporting.texts import amount
from apps.exchange.services.editing import Typed

Reason = StockMovement.Reason
REASONS = [(r.value, r.label) for r in (Reason.COUNT, Reason.DELIVERY, Reason.LOSS)]
PERCENT_COLUMNS = {"price": _("Price"), "compare_at_price": _("Price before"), "on_hand": _("On hand")}


def written(minor: int | None) -> str:
    """An amount of the shop's currency without its sign, as the reader's language writes decimals: 19,99."""
    text = amount(minor, settings.SHOP_CURRENCY)
    return str(number_format(text)) if text else ""


class AmountField(forms.CharField):
    """An amount of the shop's currency, typed as people do; gives minor units, None when it is empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=24, required=False, **kwargs)

    def clean(self, value: Any) -> int | None:  # type: ignore[override]
        try:
            return cells.amount(str(super().clean(value)).strip())
        except cells.BadCell as error:
            raise forms.ValidationError(str(error)) from error


@dataclass(slots=True)
class SheetRow:
    variant: Variant
    is_first: bool
    price: forms.BoundField
    compare_at_price: forms.BoundField
    on_hand: forms.BoundField
    status: forms.BoundField | None
    category: forms.BoundField | None


class FilterForm(forms.Form):
    q = forms.CharField(
        label=_("Title or SKU"), required=False, max_length=100, validators=[ProhibitNullCharactersValidator()]
    )
    category = forms.ModelChoiceField(
        Category.objects.order_by("path"),
        label=_("Category"),
        required=False,
        empty_label=_("All"),
        to_field_name="path",
    )
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *Product.Status.choices])
    listed = forms.CharField(
        required=False, widget=forms.HiddenInput, validators=[ProhibitNullCharactersValidator()]
    )  # the query by which the list of products was left for the sheet


class SheetForm(forms.Form):
    """`variants` come with product, category, stock and `shown_title`. Hidden fields keep what the page showed."""

    reason = forms.ChoiceField(label=_("Reason for the stock"), choices=REASONS)
    note = forms.CharField(
        label=_("Note"), max_length=200, required=False, validators=[ProhibitNullCharactersValidator()]
    )
    column = forms.ChoiceField(label=_("Column"), choices=list(PERCENT_COLUMNS.items()), required=False)
    percent = forms.DecimalField(
        label=_("Percent"), min_value=-100, max_value=1000, max_digits=6, decimal_places=2, required=False
    )

    def __init__(self, variants: Sequence[Variant], paths: dict[str, int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.variants = list(variants)
        self.paths = paths
        self.names = {pk: path for path, pk in paths.items()}
        seen: set[int] = set()
        for variant in self.variants:
            self._add_variant(variant)
            if variant.product_id not in seen:
                seen.add(variant.product_id)
                self._add_product(variant.product, variant.shown_title)  # type: ignore[attr-defined]

    def _add_variant(self, variant: Variant) -> None:
        for name, value in shown_of_variant(variant).items():
            text = written(value) if name != "on_hand" else value
            label = f"{variant.sku}: {PERCENT_COLUMNS[name]}"
            made: forms.Field
            if name == "on_hand":
                made = forms.IntegerField(label=label, min_value=0, max_value=1_000_000)
            else:
                made = AmountField(label=label)
            made.widget.attrs |= {"data-column": name, "aria-label": label, "inputmode": "decimal", "size": 8}
            self._add(f"v{variant.pk}-{name}", made, text)

    def _add_product(self, product: Product, title: str) -> None:
        status = forms.ChoiceField(label=f"{title}: {gettext('Status')}", choices=Product.Status.choices)
        category = forms.CharField(label=f"{title}: {gettext('Category')}", required=False, max_length=400)
        category.widget.attrs |= {"list": "categories"}
        for name, made, value in (
            ("status", status, product.status),
            ("category_id", category, self.names.get(product.category_id or 0, "")),
        ):
            made.widget.attrs |= {"data-column": name, "aria-label": made.label}
            self._add(f"p{product.pk}-{name}", made, value)

    def _add(self, name: str, made: forms.Field, value: Any) -> None:
        self.fields[name] = made
        self.initial[name] = value
        self.fields[f"{name}-was"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.initial[f"{name}-was"] = value

    def rows(self) -> Iterator[SheetRow]:
        seen: set[int] = set()
        for variant in self.variants:
            is_first = variant.product_id not in seen
            seen.add(variant.product_id)
            yield SheetRow(
                variant,
                is_first,
                self[f"v{variant.pk}-price"],
                self[f"v{variant.pk}-compare_at_price"],
                self[f"v{variant.pk}-on_hand"],
                self[f"p{variant.product_id}-status"] if is_first else None,
                self[f"p{variant.product_id}-category_id"] if is_first else None,
            )

    def was(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.endswith("-was")]

    def clean(self) -> Any:
        data: dict[str, Any] = super().clean() or {}
        for variant in self.variants:
            price, before = data.get(f"v{variant.pk}-price"), data.get(f"v{variant.pk}-compare_at_price")
            if before is not None and (price is None or before <= price):
                self.add_error(f"v{variant.pk}-compare_at_price", gettext("It must be above the price."))
        for name in list(data):
            if name.startswith("p") and name.endswith("-category_id") and data[name] and data[name] not in self.paths:
                self.add_error(name, gettext("There is no category with this address."))
        return data

    def typed(self) -> list[Typed]:
        """What is wanted of each row, and what the page had shown of it."""
        entries = []
        for variant in self.variants:
            names = list(PERCENT_COLUMNS)
            values = {name: self.cleaned_data[f"v{variant.pk}-{name}"] for name in names}
            shown = {name: self._was(f"v{variant.pk}-{name}", name) for name in names}
            entries.append(Typed("variant", variant.pk, values, shown))
        for product_id in dict.fromkeys(variant.product_id for variant in self.variants):
            status = self.cleaned_data[f"p{product_id}-status"]
            path = self.cleaned_data[f"p{product_id}-category_id"]
            shown = {
                "status": self.cleaned_data[f"p{product_id}-status-was"],
                "category_id": self.paths.get(self.cleaned_data[f"p{product_id}-category_id-was"]),
            }
            entries.append(Typed("product", product_id, {"status": status, "category_id": self.paths.get(path)}, shown))
        return entries

    def _was(self, name: str, column: str) -> int | None:
        text = self.cleaned_data[f"{name}-was"]
        try:
            return cells.pieces(text) if column == "on_hand" else cells.amount(text)
        except cells.BadCell:
            return -1  # nothing that the page has ever shown

    def with_percent(self) -> dict[str, Any]:
        """The typed values with the percent added to the chosen column, rounded to whole units, for the page."""
        column, factor = self.cleaned_data["column"], 1 + (self.cleaned_data["percent"] or Decimal()) / 100
        data = {name: self[name].value() for name in self.fields}
        for variant in self.variants:
            name = f"v{variant.pk}-{column}"
            if (value := self.cleaned_data.get(name)) is not None:
                changed = round_half_up(Decimal(value) * factor)
                data[name] = changed if column == "on_hand" else written(changed)
        data["percent"] = ""
        return data


def shown_of_variant(variant: Variant) -> dict[str, Any]:
    stock: Any = getattr(variant, "stock", None)
    return {
        "price": variant.price,
        "compare_at_price": variant.compare_at_price,
        "on_hand": stock.on_hand if stock else 0,
    }
