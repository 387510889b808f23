from apps.catalog.selectors.categories import CategoryTree, categories_of
from apps.catalog.selectors.featured import featured_cards, featured_misses
from apps.catalog.selectors.lists import home_lists, listed_options, product_list
from apps.catalog.selectors.product import cards_by_slug, product_page
from apps.catalog.selectors.variants import VariantInfo, variant_by_sku, variants_for_cart

__all__ = [
    "CategoryTree",
    "VariantInfo",
    "cards_by_slug",
    "categories_of",
    "featured_cards",
    "featured_misses",
    "home_lists",
    "listed_options",
    "product_list",
    "product_page",
    "variant_by_sku",
    "variants_for_cart",
]
