"""What the catalogue shows on the admin's first page."""

from typing import Any

from django.db.models import Count, F, Q
from django.http import HttpRequest

from apps.catalog.models import Stock
from apps.core import dashboard


def register() -> None:
    tile = dashboard.Panel("catalog-stock", "catalog/admin/stock_tile.html", low_stock, "catalog.view_stock", rank=3)
    dashboard.register(tile)


def low_stock(request: HttpRequest) -> dict[str, Any]:
    """Variants of visible products of which hardly a piece, or none, is left to sell."""
    stocks = Stock.objects.in_the_shop()
    return stocks.low().aggregate(low=Count("pk"), out=Count("pk", filter=Q(on_hand__lte=F("reserved"))))
