from apps.pages.admin.shop import ShopAdmin

__all__ = ["ShopAdmin"]
