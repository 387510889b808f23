from django.urls import path

from apps.exchange import views

app_name = "exchange"

urlpatterns = [
    path("products.csv", views.ProductExportView.as_view(), {"kind": "csv"}, name="products-csv"),
    path("products.xlsx", views.ProductExportView.as_view(), {"kind": "xlsx"}, name="products-xlsx"),
    path("orders.csv", views.OrderExportView.as_view(), {"kind": "csv"}, name="orders-csv"),
    path("customers.csv", views.CustomerExportView.as_view(), {"kind": "csv"}, name="customers-csv"),
]
