from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views import View

from apps.catalog.models import Product
from apps.exchange.exporting.customers import customer_records
from apps.exchange.exporting.downloads import download
from apps.exchange.exporting.orders import order_records
from apps.exchange.exporting.products import product_records
from apps.orders.models import Order
from apps.users.models import User

Records = Callable[[QuerySet[Any] | None], Iterator[list[str]]]


class ExportView(View):
    """A file that is sent while it is written: of all rows, or of those that the admin's list shows at this query."""

    access = "staff"
    permission = ""
    name = ""
    listed: ClassVar[type[Model]]
    records: ClassVar[Records]

    def get(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        try:
            chosen = self.get_chosen(request)
        except IncorrectLookupParameters:
            return redirect(f"admin:{self.listed._meta.label_lower.replace('.', '_')}_changelist")
        return download(type(self).records(chosen), f"{self.name}-{timezone.localdate().isoformat()}", kind)

    def get_chosen(self, request: HttpRequest) -> QuerySet[Any] | None:
        """What the admin's own list finds, search and filters included; None for everything."""
        if not request.GET:
            return None
        changelist = admin.site.get_model_admin(self.listed).get_changelist_instance(request)
        return changelist.get_queryset(request)  # type: ignore[no-any-return]


class ProductExportView(ExportView):
    permission = "catalog.view_product"
    name = "products"
    listed = Product
    records = staticmethod(product_records)


class OrderExportView(ExportView):
    permission = "orders.view_order"
    name = "orders"
    listed = Order
    records = staticmethod(order_records)


class CustomerExportView(ExportView):
    permission = "users.view_user"
    name = "customers"
    listed = User
    records = staticmethod(customer_records)
