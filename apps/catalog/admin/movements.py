from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.catalog.models import StockMovement, Variant
from apps.core.kept_rows import ReadOnlyAdmin
from apps.core.searched import few


@admin.register(StockMovement)
class StockMovementAdmin(ReadOnlyAdmin):
    """The ledger of the shelf: what moved, by how much, why and by whom. Written by the shop alone."""

    list_display = ("at", "product", "sku", "change", "reason", "note", "who")
    list_display_links = ("at",)
    list_filter = ("reason", "at")
    list_select_related = ("variant__product", "actor")
    search_fields = ("variant__sku",)
    search_help_text = _("SKU, from its beginning")
    ordering = ("-pk",)
    sortable_by = ()  # a ledger stands in its own order, and no other has an index
    view_on_site = False
    fields = ("at", "product", "sku", "change", "reason", "note", "order", "who")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockMovement]:
        movements: QuerySet[StockMovement] = super().get_queryset(request)
        return movements.select_related("variant__product", "actor")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """A whole SKU is one variant and found by its key; anything else begins a SKU."""
        term = search_term.strip()
        if not term:
            return queryset, False
        if exact := Variant.objects.filter(sku=term).values_list("pk", flat=True).first():
            return queryset.filter(variant=exact), False
        variants = Variant.objects.filter(sku__istartswith=term).order_by().values_list("pk", flat=True)
        return queryset.filter(variant__in=few(variants)), False

    @admin.display(description=_("product"))
    def product(self, movement: StockMovement) -> str:
        return movement.variant.product.display_title

    @admin.display(description=_("SKU"))
    def sku(self, movement: StockMovement) -> str:
        address = f"{reverse('admin:catalog_stockmovement_changelist')}?q={movement.variant.sku}"
        return format_html('<a href="{}"><code>{}</code></a>', address, movement.variant.sku)

    @admin.display(description=_("change"))
    def change(self, movement: StockMovement) -> str:
        return format_html("<strong>{}</strong>", f"{movement.delta:+d}")

    @admin.display(description=_("order"))
    def order(self, movement: StockMovement) -> str:
        return movement.order_ref or "–"

    @admin.display(description=_("who"))
    def who(self, movement: StockMovement) -> str:
        return str(movement.actor or "–")
