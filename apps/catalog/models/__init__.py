from apps.catalog.models.body import ProductBody
from apps.catalog.models.category import Category
from apps.catalog.models.image import ProductImage
from apps.catalog.models.listing import Branch, Facet, Listing, Placement
from apps.catalog.models.price import PriceChange
from apps.catalog.models.product import Option, OptionValue, Product, Variant
from apps.catalog.models.search import SearchDocument, SearchMiss, SearchWord, Synonym
from apps.catalog.models.stock import Stock, StockMovement

__all__ = [
    "Branch",
    "Category",
    "Facet",
    "Listing",
    "Option",
    "OptionValue",
    "Placement",
    "PriceChange",
    "Product",
    "ProductBody",
    "ProductImage",
    "SearchDocument",
    "SearchMiss",
    "SearchWord",
    "Stock",
    "StockMovement",
    "Synonym",
    "Variant",
]
