from apps.catalog.services.categories import delete_category, delete_empty_categories, save_category
from apps.catalog.services.images import make_renditions
from apps.catalog.services.publishing import (
    activate_product,
    archive_product,
    option_key,
    publish,
    publish_availability,
    publish_now,
    save_product,
    unlist,
)
from apps.catalog.services.stock import (
    adjust_stock,
    consume_stock,
    free_stock,
    hold_stock,
    lock_with_stock,
    return_stock,
    set_backorder,
    set_on_hand,
    write_off_held_stock,
)
from apps.catalog.services.synonyms import delete_synonyms, save_synonyms

__all__ = [
    "activate_product",
    "adjust_stock",
    "archive_product",
    "consume_stock",
    "delete_category",
    "delete_empty_categories",
    "delete_synonyms",
    "free_stock",
    "hold_stock",
    "lock_with_stock",
    "make_renditions",
    "option_key",
    "publish",
    "publish_availability",
    "publish_now",
    "return_stock",
    "save_category",
    "save_product",
    "save_synonyms",
    "set_backorder",
    "set_on_hand",
    "unlist",
    "write_off_held_stock",
]
