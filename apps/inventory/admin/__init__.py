from apps.inventory.admin.counting import StockCountAdmin

__all__ = ["StockCountAdmin"]
