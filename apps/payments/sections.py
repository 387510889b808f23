"""What payments adds to the customer's page of an order."""

from typing import Any

from apps.orders.extensions import OrderSection, register_order_section
from apps.orders.models import Order
from apps.payments.explaining import entries


def refunds(order: Order) -> dict[str, Any]:
    """The order's refunds, oldest first, each with how its amount came about. The visitor may see the order."""
    return {"refunds": [(refund, entries(refund.explanation)) for refund in order.refunds.order_by("pk")]}


def register() -> None:
    register_order_section(OrderSection("payments/order_refunds.html", refunds))
