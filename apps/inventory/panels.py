"""What the stock desk shows on the admin's first page."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest

from apps.core import dashboard
from apps.inventory.models import StockAlert, StockCount


def register() -> None:
    tile = dashboard.Panel("inventory", "inventory/admin/desk_tile.html", desk, "inventory.view_stockcount", rank=4)
    dashboard.register(tile)


def desk(request: HttpRequest) -> dict[str, Any]:
    """Stock takes that are open, and how many people wait for how many sold-out articles."""
    waiting = StockAlert.unscoped.aggregate(people=Count("pk"), articles=Count("variant", distinct=True))
    return {
        "open_counts": StockCount.objects.filter(state=StockCount.State.OPEN).count(),
        "sees_demand": request.user.has_perm("inventory.view_stockalert"),
        **waiting,
    }
