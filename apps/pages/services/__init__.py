from apps.pages.services.journal import pages_changed
from apps.pages.services.moving import addresses_moved
from apps.pages.services.shop import save_shop
from apps.pages.services.texts import delete_page, save_page

__all__ = ["addresses_moved", "delete_page", "pages_changed", "save_page", "save_shop"]
