"""Which orders stand in the way of a lower stock count."""

from apps.orders.models import Order, OrderLine


def numbers_of_orders_holding(variant_id: int) -> list[str]:
    """Numbers of the open orders to which pieces of the variant are promised, oldest first, at most 20."""
    lines = OrderLine.unscoped.filter(variant_id=variant_id, order__in=Order.unscoped.holding_stock())
    return list(lines.order_by("order_id").values_list("order__number", flat=True)[:20])
