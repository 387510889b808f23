from apps.pages.admin.shop import ShopAdmin
from apps.pages.admin.texts import TextPageAdmin

__all__ = ["ShopAdmin", "TextPageAdmin"]
