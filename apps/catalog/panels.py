"""What the catalogue shows on the admin's first page."""

from typing import Any

from django.db.models import F
from django.http import HttpRequest

from apps.catalog.models import Product, Stock
from apps.core import dashboard

LOW = 3


def register() -> None:
    tile = dashboard.Panel("catalog-stock", "catalog/admin/stock_tile.html", low_stock, "catalog.view_stock", rank=3)
    dashboard.register(tile)


def low_stock(request: HttpRequest) -> dict[str, Any]:
    """Variants of visible products of which hardly a piece, or none, is left to sell."""
    stocks = Stock.objects.filter(backorder=False, variant__product__status=Product.Status.ACTIVE)
    return {
        "low": stocks.filter(on_hand__lte=F("reserved") + LOW).count(),
        "out": stocks.filter(on_hand__lte=F("reserved")).count(),
        "limit": LOW,
    }
