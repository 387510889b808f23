from apps.catalog.admin.categories import CategoryAdmin
from apps.catalog.admin.movements import StockMovementAdmin
from apps.catalog.admin.prices import PriceChangeAdmin
from apps.catalog.admin.products import ProductAdmin
from apps.catalog.admin.searching import SearchMissAdmin, SynonymAdmin
from apps.catalog.admin.stock import StockAdmin

__all__ = [
    "CategoryAdmin",
    "PriceChangeAdmin",
    "ProductAdmin",
    "SearchMissAdmin",
    "StockAdmin",
    "StockMovementAdmin",
    "SynonymAdmin",
]
