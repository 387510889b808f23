from apps.pages.services.journal import pages_changed
from apps.pages.services.shop import save_shop

__all__ = ["pages_changed", "save_shop"]
