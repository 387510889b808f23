from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.catalog.models.product import TaxClass
from apps.pricing.models import TaxRate
from apps.users.countries import country_choices, country_name

PER_PERCENT = 10_000


class TaxRateForm(forms.ModelForm):
    """People type percent; the row keeps parts per million."""

    country = forms.ChoiceField(label=_("country"), choices=country_choices)
    tax_class = forms.ChoiceField(label=_("tax class"), choices=TaxClass.choices)
    rate = forms.DecimalField(label=_("rate in percent"), min_value=0, max_value=100, decimal_places=4)

    class Meta:
        model = TaxRate
        fields = ("country", "region", "tax_class", "rate", "valid_from")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["rate"] = f"{Decimal(self.instance.rate) / PER_PERCENT:f}"

    def clean_rate(self) -> int:
        return int(self.cleaned_data["rate"] * PER_PERCENT)


@admin.register(TaxRate)
class TaxRateAdmin(admin.ModelAdmin):
    form = TaxRateForm
    list_display = ("place", "tax_class_name", "percent", "valid_from")
    list_filter = ("tax_class",)
    search_fields = ("country", "region")
    search_help_text = _("Country code, such as DE")
    list_per_page = 100
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    @admin.display(description=_("country"), ordering="country")
    def place(self, rate: TaxRate) -> str:
        return ", ".join(part for part in (country_name(rate.country), rate.region) if part)

    @admin.display(description=_("tax class"), ordering="tax_class")
    def tax_class_name(self, rate: TaxRate) -> Any:
        return TaxClass(rate.tax_class).label if rate.tax_class in TaxClass.values else rate.tax_class

    @admin.display(description=_("rate"), ordering="rate")
    def percent(self, rate: TaxRate) -> str:
        return f"{rate.rate / PER_PERCENT:g} %"
