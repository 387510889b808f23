"""Where the shop delivers, how, and what it costs."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.catalog.models.product import TaxClass
from apps.core.fields import MinorUnitsField
from apps.core.inlines import LabelledFormSet
from apps.core.money import shop_money
from apps.shipping.models import ShippingMethod, ShippingRate, ShippingZone
from apps.users.countries import country_choices


class ZoneForm(forms.ModelForm):
    countries = forms.TypedMultipleChoiceField(
        label=_("countries"),
        choices=country_choices,
        required=False,
        help_text=_("Hold Ctrl or ⌘ to choose several."),
        widget=forms.SelectMultiple(attrs={"size": 12}),
    )

    class Meta:
        model = ShippingZone
        fields = ("name", "countries", "everywhere_else")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("countries") and not data.get("everywhere_else"):
            raise ValidationError(_("Choose countries, or say that the zone is for all others."))
        return data


class MethodRowForm(forms.ModelForm):
    free_above = MinorUnitsField(label=_("free from a goods value of"), required=False)


class MethodForm(MethodRowForm):
    tax_class = forms.ChoiceField(label=_("tax class"), choices=TaxClass.choices)

    class Meta:
        model = ShippingMethod
        fields = (
            "zone",
            "name",
            "description",
            "code",
            "free_above",
            "tax_class",
            "min_days",
            "max_days",
            "position",
            "is_active",
        )


class RateForm(forms.ModelForm):
    min_value = MinorUnitsField(label=_("from goods value"), required=False, initial=0)
    max_value = MinorUnitsField(label=_("up to goods value"), required=False)
    price = MinorUnitsField(label=_("price"))

    class Meta:
        model = ShippingRate
        fields = ("min_weight", "max_weight", "min_value", "max_value", "price")

    def clean_min_value(self) -> int:
        return self.cleaned_data["min_value"] or 0

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("max_value") is not None and data["max_value"] < data.get("min_value", 0):
            self.add_error("max_value", _("This is less than where the row begins."))
        return data


class MethodInline(admin.TabularInline):
    model = ShippingMethod
    form = MethodRowForm
    formset = LabelledFormSet
    fields = ("name", "code", "free_above", "is_active", "position")
    extra = 0
    show_change_link = True


class RateInline(admin.TabularInline):
    model = ShippingRate
    form = RateForm
    formset = LabelledFormSet
    extra = 1


@admin.register(ShippingZone)
class ShippingZoneAdmin(admin.ModelAdmin):
    form = ZoneForm
    inlines = (MethodInline,)
    list_display = ("name", "countries_text", "method_count")
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ShippingZone]:
        return super().get_queryset(request).annotate(methods_made=Count("methods"))

    @admin.display(description=_("countries"))
    def countries_text(self, zone: ShippingZone) -> Any:
        return _("all others") if zone.everywhere_else else ", ".join(zone.countries)

    @admin.display(description=_("methods"))
    def method_count(self, zone: Any) -> int:
        return int(zone.methods_made)


@admin.register(ShippingMethod)
class ShippingMethodAdmin(admin.ModelAdmin):
    """A method with its table. The first row that fits a parcel's weight and value is its price."""

    form = MethodForm
    inlines = (RateInline,)
    list_display = ("name", "zone", "free_from", "is_active", "position")
    list_filter = ("zone", "is_active")
    list_select_related = ("zone",)
    prepopulated_fields = {"code": ("name",)}

    @admin.display(description=_("free from a goods value of"), ordering="free_above")
    def free_from(self, method: ShippingMethod) -> str:
        return "" if method.free_above is None else str(shop_money(method.free_above))
