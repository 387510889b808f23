from typing import Any

from django.contrib import admin
from django.db.models import Count, F, Min, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.catalog.selectors.variants import found_by
from apps.core.kept_rows import OverviewAdmin
from apps.inventory.models import StockAlert


@admin.register(StockAlert)
class DemandAdmin(OverviewAdmin):
    """How many wait for each sold-out variant, and since when. Their addresses are nobody's business."""

    list_display = ("product", "sku", "waiting", "created_at")
    search_fields = ("variant__sku",)
    search_help_text = _("SKU or title")

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockAlert]:
        """The first wish of each variant stands for all of them."""
        firsts = StockAlert.unscoped.order_by().values("variant").annotate(first=Min("pk")).values("first")
        same = StockAlert.unscoped.filter(variant=OuterRef("variant")).order_by().values("variant")
        alerts: QuerySet[StockAlert] = StockAlert.unscoped.filter(pk__in=firsts)
        return alerts.select_related("variant__product").annotate(
            people=Subquery(same.annotate(n=Count("pk")).values("n")), stock_id=F("variant__stock")
        )

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        return ("-people", "pk")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.strip()
        return (queryset.filter(found_by(term, "variant__")) if term else queryset), False

    @admin.display(description=_("product"))
    def product(self, alert: StockAlert) -> str:
        return alert.variant.product.display_title

    @admin.display(description=_("SKU"))
    def sku(self, alert: StockAlert) -> str:
        address = reverse("admin:catalog_stock_change", args=[alert.stock_id])  # type: ignore[attr-defined]
        return format_html('<a href="{}"><code>{}</code></a>', address, alert.variant.sku)

    @admin.display(description=_("waiting"), ordering="people")
    def waiting(self, alert: StockAlert) -> int:
        return int(alert.people)  # type: ignore[attr-defined]
