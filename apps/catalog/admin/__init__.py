from apps.catalog.admin.categories import CategoryAdmin
from apps.catalog.admin.movements import StockMovementAdmin
from apps.catalog.admin.products import ProductAdmin
from apps.catalog.admin.searching import SearchMissAdmin, SynonymAdmin
from apps.catalog.admin.stock import StockAdmin

__all__ = ["CategoryAdmin", "ProductAdmin", "SearchMissAdmin", "StockAdmin", "StockMovementAdmin", "SynonymAdmin"]
