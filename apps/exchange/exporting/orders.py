"""Orders as a table: a record per line of an order; what belongs to the whole order stands on its first one only.

So the totals of a column add up, whatever a spreadsheet does with them.
"""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone

from apps.exchange.exporting.texts import amount, block, line
from apps.exchange.exporting.walking import in_chunks
from apps.orders.models import Order

CHUNK = 200
ADDRESS = ("name", "company", "line1", "line2", "postal_code", "city", "region", "country", "phone")
HEADER = [
    "order", "placed_at", "status", "payment", "fulfilment", "refund", "paid_at", "email", "language", "currency",
    "subtotal", "discount", "delivery", "tax", "total", "codes", "payment_method", "delivery_method", "note",
    *(f"shipping_{field}" for field in ADDRESS), *(f"billing_{field}" for field in ADDRESS),
    "sku", "article", "options", "quantity", "unit_price", "line_total",
]  # fmt: skip


def order_records(chosen: QuerySet[Order] | None = None) -> Iterator[list[str]]:
    """The header and the orders, or those chosen of them, oldest first."""
    yield HEADER
    for chunk in in_chunks(Order.unscoped.prefetch_related("lines"), chosen, CHUNK):
        for order in chunk:
            for cells in _records(order):
                yield [cells.get(name, "") for name in HEADER]


def _records(order: Order) -> Iterator[dict[str, str]]:
    cells = _order_cells(order)
    for row in order.lines.all():
        yield cells | {
            "order": order.number,
            "sku": row.sku,
            "article": line(row.title),
            "options": line(row.option_text),
            "quantity": str(row.quantity),
            "unit_price": amount(row.unit_price, order.currency),
            "line_total": amount(row.amount, order.currency),
        }
        cells = {"currency": order.currency}
    if "order" in cells:
        yield cells


def _order_cells(order: Order) -> dict[str, str]:
    cells = {
        "order": order.number,
        "placed_at": timezone.localtime(order.placed_at).isoformat(timespec="seconds"),
        "status": order.status,
        "payment": order.payment_state,
        "fulfilment": order.fulfilment_state,
        "refund": order.refund_state,
        "paid_at": timezone.localtime(order.paid_at).isoformat(timespec="seconds") if order.paid_at else "",
        "email": order.email,
        "language": order.language,
        "currency": order.currency,
        "subtotal": amount(order.subtotal, order.currency),
        "discount": amount(order.discount_total, order.currency),
        "delivery": amount(order.shipping_total, order.currency),
        "tax": amount(order.tax_total, order.currency),
        "total": amount(order.total, order.currency),
        "codes": ", ".join(str(found["code"]) for found in order.discounts if found.get("code")),
        "payment_method": order.payment_method,
        "delivery_method": line(order.shipping_label),
        "note": block(order.note),
    }
    for kind, address in (("shipping", order.shipping_address), ("billing", order.billing_address)):
        cells |= {f"{kind}_{field}": line(str(address.get(field) or "")) for field in ADDRESS}
    return cells
