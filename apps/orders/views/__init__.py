from apps.orders.views.cart import CartAddView, CartCodeRemoveView, CartCodeView, CartLineView, CartView
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
    "CartCodeRemoveView",
    "CartCodeView",
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
