from apps.orders.views.cart import CartAddView, CartLineView, CartView
from apps.orders.views.checkout import CheckoutView
from apps.orders.views.orders import (
    GuestLinkView,
    OrderDetailView,
    OrderListView,
    OrderPayView,
    OrderStatusView,
    ReorderView,
)

__all__ = [
    "CartAddView",
    "CartLineView",
    "CartView",
    "CheckoutView",
    "GuestLinkView",
    "OrderDetailView",
    "OrderListView",
    "OrderPayView",
    "OrderStatusView",
    "ReorderView",
]
