from apps.orders.admin.orders import OrderAdmin

__all__ = ["OrderAdmin"]
