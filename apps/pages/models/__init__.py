from apps.pages.models.journal import PageChange, PageClock
from apps.pages.models.shop import MenuLink, Shop

__all__ = ["MenuLink", "PageChange", "PageClock", "Shop"]
