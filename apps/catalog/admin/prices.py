from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.catalog.models import PriceChange, Variant
from apps.core.kept_rows import OverviewAdmin
from apps.core.money import shop_money
from apps.core.searched import few


@admin.register(PriceChange)
class PriceChangeAdmin(OverviewAdmin):
    """The ledger of prices: what was asked for a variant and since when. Written by publishing alone."""

    list_display = ("at", "product", "sku", "amount")
    list_filter = ("at",)
    search_fields = ("variant__sku",)
    search_help_text = _("SKU, from its beginning")
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceChange]:
        changes: QuerySet[PriceChange] = super().get_queryset(request)
        return changes.select_related("variant__product")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        variants = Variant.objects.filter(sku__istartswith=term).order_by().values_list("pk", flat=True)
        return queryset.filter(variant__in=few(variants)), False

    @admin.display(description=_("product"))
    def product(self, change: PriceChange) -> str:
        return change.variant.product.display_title

    @admin.display(description=_("SKU"))
    def sku(self, change: PriceChange) -> str:
        return format_html("<code>{}</code>", change.variant.sku)

    @admin.display(description=_("price"))
    def amount(self, change: PriceChange) -> str:
        return "–" if change.price is None else str(shop_money(change.price))
