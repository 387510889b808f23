from collections.abc import Callable, Iterator
from typing import ClassVar

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.views import View

from apps.exchange.exporting.customers import customer_records
from apps.exchange.exporting.orders import order_records
from apps.exchange.exporting.products import product_records
from apps.exchange.exporting.streams import STREAMS

Records = Callable[[], Iterator[list[str]]]


class ExportView(View):
    """A file that is sent while it is written."""

    access = "staff"
    permission = ""
    name = ""
    records: ClassVar[Records]

    def get(self, request: HttpRequest, kind: str) -> StreamingHttpResponse:
        stream, content_type = STREAMS[kind]
        name = f"{self.name}-{timezone.localdate().isoformat()}.{kind}"
        return StreamingHttpResponse(
            stream(type(self).records()),
            content_type=content_type,
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
        )


class ProductExportView(ExportView):
    permission = "catalog.view_product"
    name = "products"
    records = staticmethod(product_records)


class OrderExportView(ExportView):
    permission = "orders.view_order"
    name = "orders"
    records = staticmethod(order_records)


class CustomerExportView(ExportView):
    permission = "users.view_user"
    name = "customers"
    records = staticmethod(customer_records)
