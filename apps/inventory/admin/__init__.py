from apps.inventory.admin.counting import StockCountAdmin
from apps.inventory.admin.demand import DemandAdmin

__all__ = ["DemandAdmin", "StockCountAdmin"]
