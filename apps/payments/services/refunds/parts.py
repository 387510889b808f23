"""An order as refunds see it: its lines and its delivery, each with what has gone back of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from apps.orders.models import Order, OrderLine
from apps.payments.models import Refund
from apps.pricing.refunding import SHIPPING, Part

# What is paid of an order that neither its lines nor its delivery account for; only odd data has such a part.
REST = "rest"


def order_parts(order: Order) -> list[Part]:
    """The parts of the order with what refunds have taken or are taking of them; failed refunds count as never made.

    What is left of them together is the order's total less those refunds. Two queries.
    """
    parts = _fresh_parts(order, list(order.lines.all()))
    refunds = Refund.unscoped.filter(order=order, for_order=True).exclude(state=Refund.State.FAILED)
    for explanation in refunds.order_by("pk").values_list("explanation", flat=True):
        parts = _less(parts, explanation.get("parts", []))
    return parts


def _fresh_parts(order: Order, lines: Iterable[OrderLine]) -> list[Part]:
    parts = [_line_part(order, line) for line in lines]
    tax = order.tax_total - sum(part.tax for part in parts)
    paid = order.shipping_total + (tax if order.tax_added else 0)
    if paid:
        rate = _delivery_rate(order, parts, paid)
        parts.append(Part(key=SHIPPING, title=order.shipping_label, paid=paid, tax=tax, tax_rate=rate))
    rest = order.total - sum(part.paid for part in parts)
    if rest > 0:
        parts.append(Part(key=REST, title=order.number, paid=rest, tax=0, tax_rate=0))
    return parts


def _line_part(order: Order, line: OrderLine) -> Part:
    return Part(
        key=str(line.pk),
        title=f"{line.title} ({line.option_text})" if line.option_text else line.title,
        paid=line.amount - line.discount + (line.tax if order.tax_added else 0),
        tax=line.tax,
        tax_rate=line.tax_rate,
        pieces=line.quantity,
    )


def _delivery_rate(order: Order, lines: Iterable[Part], paid: int) -> int:
    """The rate whose sum over the order has room for exactly the delivery, beside its lines."""
    goods: dict[int, int] = {}
    for part in lines:
        goods[part.tax_rate] = goods.get(part.tax_rate, 0) + part.paid
    for row in order.tax_lines:
        if row["taxable"] + row["tax"] - goods.get(row["rate"], 0) == paid:
            return int(row["rate"])
    return 0


def _less(parts: list[Part], rows: Iterable[dict[str, Any]]) -> list[Part]:
    """The parts after a refund whose explanation has these rows."""
    taken = {row["key"]: row for row in rows}
    after = []
    for part in parts:
        row = taken.get(part.key)
        if row is not None:
            part = part.after(amount=row["amount"], tax=row["amount_tax"], pieces=row["refunded_pieces"])
            part = part.after(amount=row["extra"], tax=row["extra_tax"], pieces=0)
        after.append(part)
    return after
