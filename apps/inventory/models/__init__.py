from apps.inventory.models.alert import StockAlert
from apps.inventory.models.counting import CountLine, StockCount
from apps.inventory.models.warning import LowStock

__all__ = ["CountLine", "LowStock", "StockAlert", "StockCount"]
