from apps.inventory.models.counting import CountLine, StockCount

__all__ = ["CountLine", "StockCount"]
