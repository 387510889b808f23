from apps.pages.models.journal import PageChange, PageClock
from apps.pages.models.shop import MenuLink, Shop
from apps.pages.models.text import Moved, TextPage

__all__ = ["MenuLink", "Moved", "PageChange", "PageClock", "Shop", "TextPage"]
