from apps.orders.models.access import GuestLink, OrderAccess
from apps.orders.models.cart import Cart, CartLine
from apps.orders.models.order import Order, OrderEvent, OrderLine

__all__ = ["Cart", "CartLine", "GuestLink", "Order", "OrderAccess", "OrderEvent", "OrderLine"]
