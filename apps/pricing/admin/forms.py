from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.catalog.admin.categories import CategoryChoice
from apps.catalog.models import Category
from apps.core.fields import MinorUnitsField
from apps.core.translated_forms import TranslatedForm, translated
from apps.pricing.models import Discount
from apps.pricing.models.discount import normal_code

PER_PERCENT = 10_000
Kind = Discount.Kind


class CategoriesField(forms.ModelMultipleChoiceField):
    """The tree as a list, each branch under its root and moved in."""

    label_from_instance = CategoryChoice.label_from_instance


@translated(Discount, "name")
class DiscountForm(TranslatedForm):
    """People type percent and amounts; the row keeps one value, in the unit of its kind."""

    code = forms.CharField(label=_("Code"), required=False, max_length=60, help_text=Discount.code.field.help_text)
    percent = forms.DecimalField(
        label=_("Percent off"),
        required=False,
        min_value=Decimal("0.0001"),
        max_value=100,
        decimal_places=4,
        help_text=_("For percent, and for what “buy some, get some” takes off each reduced piece (100 is free)."),
    )
    amount = MinorUnitsField(label=_("Amount off"), required=False, help_text=_("For an amount."))
    minimum_goods = MinorUnitsField(
        label=_("From a value of goods"), required=False, help_text=Discount.minimum_goods.field.help_text
    )
    categories = CategoriesField(
        label=_("Categories"),
        queryset=Category.objects.order_by("path"),
        required=False,
        help_text=_("With everything below them. Without categories and products the discount applies to everything."),
    )

    class Meta:
        model = Discount
        fields = (
            "name",
            "code",
            "kind",
            "buy_quantity",
            "get_quantity",
            "minimum_goods",
            "categories",
            "products",
            "starts_at",
            "ends_at",
            "total_limit",
            "per_customer_limit",
            "combinable",
            "priority",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        if row.kind in {Kind.PERCENT, Kind.BUY_X_GET_Y} and row.value:
            self.initial["percent"] = f"{(Decimal(row.value) / PER_PERCENT).normalize():f}"
        elif row.kind == Kind.AMOUNT:
            self.initial["amount"] = row.value

    def clean_code(self) -> str | None:
        typed = self.cleaned_data["code"].strip()
        if not typed:
            return None
        code = normal_code(typed)
        if not code:
            raise ValidationError(_("A code has 3 to 40 letters, digits, - or _."))
        return code

    def clean_minimum_goods(self) -> int:
        return int(self.cleaned_data["minimum_goods"] or 0)

    def clean_total_limit(self) -> int | None:
        limit: int | None = self.cleaned_data["total_limit"]
        if limit is not None and limit < self.instance.used:
            raise ValidationError(_("It has been used %(times)d times already."), params={"times": self.instance.used})
        return limit

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        kind = data.get("kind")
        if kind in {Kind.PERCENT, Kind.BUY_X_GET_Y}:
            self._require(data, "percent")
            self.instance.value = int((data.get("percent") or 0) * PER_PERCENT)
        elif kind == Kind.AMOUNT:
            self._require(data, "amount")
            self.instance.value = data.get("amount") or 0
        else:
            self.instance.value = 0
        if kind == Kind.BUY_X_GET_Y:
            self._require(data, "buy_quantity")
            self._require(data, "get_quantity")
        if data.get("starts_at") and data.get("ends_at") and data["ends_at"] <= data["starts_at"]:
            self.add_error("ends_at", _("The end must be after the start."))
        return data

    def _require(self, data: dict[str, Any], name: str) -> None:
        if not data.get(name) and name not in self.errors:
            self.add_error(name, _("This kind of discount needs it."))
