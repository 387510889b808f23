from django.urls import path, re_path

from apps.catalog.models.product import SKU_PATTERN
from apps.orders import views

app_name = "orders"

urlpatterns = [
    path("cart/", views.CartView.as_view(), name="cart"),
    path("cart/lines/", views.CartAddView.as_view(), name="cart-add"),
    re_path(rf"^cart/lines/(?P<sku>{SKU_PATTERN})/$", views.CartLineView.as_view(), name="cart-line"),
    path("cart/codes/", views.CartCodeView.as_view(), name="cart-code"),
    path("cart/codes/remove/", views.CartCodeRemoveView.as_view(), name="cart-code-remove"),
    path("checkout/", views.CheckoutView.as_view(), name="checkout"),
    path("orders/", views.OrderListView.as_view(), name="order-list"),
    path("orders/link/<slug:token>/", views.GuestLinkView.as_view(), name="guest-link"),
    path("orders/<slug:ref>/", views.OrderDetailView.as_view(), name="order-detail"),
    path("orders/<slug:ref>/status/", views.OrderStatusView.as_view(), name="order-status"),
    path("orders/<slug:ref>/pay/", views.OrderPayView.as_view(), name="order-pay"),
    path("orders/<slug:ref>/reorder/", views.ReorderView.as_view(), name="order-reorder"),
]
