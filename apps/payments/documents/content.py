"""What a document says, gathered once when it is issued: every name, figure and label, in minor units.

Afterwards the PDF is drawn from this alone, so nothing that happens to order, catalogue, settings or translations
changes a document that was issued.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext

from apps.core.money import Money
from apps.orders.models import Order, OrderLine
from apps.orders.templatetags.orders import address_lines
from apps.payments.documents.seller import seller
from apps.payments.documents.words import words
from apps.payments.models import Invoice, Refund, RefundLine

VERSION = 1

TaxRow = dict[str, int]


class DoesNotAddUp(ValueError):
    """The parts of an order or refund are not its total. Nothing is issued; the audit tells."""


def invoice_content(order: Order, lines: Sequence[OrderLine], *, number: str, issued_at: datetime) -> dict[str, Any]:
    """The content of the order's invoice, in its language. Raises DoesNotAddUp."""
    taxes = order_taxes(order)
    with translation.override(order.language):
        return {
            **_head(Invoice.Kind.INVOICE, order, number, issued_at),
            "lines": [_line(line) for line in lines],
            "discounts": _discounts(order),
            "tax": taxes,
            "totals": {
                "goods": order.subtotal,
                "discount": order.discount_total,
                "delivery": order.shipping_total,
                "tax": order.tax_total,
                "tax_added": order.tax_added,
                "total": order.total,
            },
        }


def credit_note_content(
    refund: Refund, lines: Sequence[RefundLine], invoice: Invoice, *, number: str, issued_at: datetime
) -> dict[str, Any]:
    """The content of a refund's credit note, in the language of its order. Amounts include their tax."""
    order = refund.order
    with translation.override(order.language):
        return {
            **_head(Invoice.Kind.CREDIT_NOTE, order, number, issued_at),
            "corrects": {"number": invoice.number, "date": invoice.content["date"]},
            "reason": str(refund.get_reason_display()),
            "lines": [_refunded_line(line) for line in lines],
            "tax": refund_taxes(refund, invoice),
            "totals": {
                "goods": refund.goods_amount,
                "delivery": refund.shipping_amount,
                "reduction": refund.extra_amount,
                "tax": refund.tax,
                "total": refund.amount,
            },
        }


def cancellation_content(note: Invoice, *, number: str, issued_at: datetime) -> dict[str, Any]:
    """The content of the cancellation of a credit note: its figures again, in its language."""
    content: dict[str, Any] = note.content
    with translation.override(content["language"]):
        return {
            **content,
            **_head(Invoice.Kind.CANCELLATION, note.order, number, issued_at),
            "buyer": content["buyer"],
            "recipient": content["recipient"],
            "corrects": {"number": note.number, "date": content["date"]},
            "reason": gettext("The refund came back"),
        }


def order_taxes(order: Order) -> list[TaxRow]:
    """Net, tax and gross by rate, highest first; what is not taxed is the last row. They add up to the order."""
    rows = [
        {"rate": row["rate"], "net": row["taxable"], "tax": row["tax"], "gross": row["taxable"] + row["tax"]}
        for row in order.tax_lines
    ]
    untaxed = order.total - sum(row["gross"] for row in rows)
    if sum(row["tax"] for row in rows) != order.tax_total or untaxed < 0:
        raise DoesNotAddUp(f"The taxes of order {order.number} are not those of its rates.")
    if untaxed or not rows:
        rows.append({"rate": 0, "net": untaxed, "tax": 0, "gross": untaxed})
    return rows


def refund_taxes(refund: Refund, invoice: Invoice) -> list[TaxRow]:
    """Net, tax and gross of a refund by rate, as its own explanation has them.

    Without one, its amount is spread over the rates of the invoice, by what each came to.
    """
    stored = refund.explanation.get("figures", {}).get("tax_lines") or []
    known = (sum(row["amount"] for row in stored), sum(row["tax"] for row in stored))
    if stored and known == (refund.amount, refund.tax):
        return [_tax_row(row["rate"], row["amount"], row["tax"]) for row in stored]
    return _spread(refund, invoice.content["tax"])


def _spread(refund: Refund, rates: Sequence[TaxRow]) -> list[TaxRow]:
    amounts = _share(refund.amount, [row["gross"] for row in rates], refund.currency)
    taxes = _share(refund.tax, [row["tax"] for row in rates], refund.currency)
    rows = zip(rates, amounts, taxes, strict=True)
    return [_tax_row(row["rate"], amount, tax) for row, amount, tax in rows if amount or tax]


def _share(amount: int, weights: list[int], currency: str) -> list[int]:
    """In proportion to the weights, to the unit; all to the first one if they weigh nothing."""
    weights = weights if sum(weights) else [1, *[0] * (len(weights) - 1)]
    return [share.amount for share in Money(amount, currency).allocate(weights)]


def _tax_row(rate: int, gross: int, tax: int) -> TaxRow:
    return {"rate": rate, "net": gross - tax, "tax": tax, "gross": gross}


def _head(kind: Invoice.Kind, order: Order, number: str, issued_at: datetime) -> dict[str, Any]:
    """What both documents begin with; belongs into the language of the order."""
    return {
        "version": VERSION,
        "kind": kind.value,
        "language": order.language,
        "words": words(kind),
        "number": number,
        "date": _day(issued_at),
        "order": {
            "number": order.number,
            "date": _day(order.placed_at),
            "paid": _day(order.paid_at) if order.paid_at else "",
        },
        "seller": seller(),
        "buyer": _address(order.billing_address),
        "recipient": _address(order.shipping_address),
        "delivery_method": order.shipping_label,
        "currency": order.currency,
        "prices_include_tax": order.prices_include_tax,
    }


def _address(address: Mapping[str, str]) -> dict[str, Any]:
    return {**address, "lines": address_lines(dict(address))}


def _day(moment: datetime) -> str:
    """The date in the shop's zone, as ISO 8601."""
    return timezone.localtime(moment).date().isoformat()


def _line(line: OrderLine) -> dict[str, Any]:
    return {
        "sku": line.sku,
        "title": line.title,
        "options": line.option_text,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "discount": line.discount,
        "amount": line.amount,
        "tax_rate": line.tax_rate,
        "tax": line.tax,
    }


def _refunded_line(line: RefundLine) -> dict[str, Any]:
    bought = line.order_line
    return {
        "sku": bought.sku,
        "title": bought.title,
        "options": bought.option_text,
        "quantity": line.quantity,
        "amount": line.amount,
        "tax_rate": bought.tax_rate,
        "tax": line.tax,
    }


def _discounts(order: Order) -> list[dict[str, Any]]:
    """Each discount by its name. Orders from before discounts had names have one sum without."""
    named = [
        {"name": row.get("name", ""), "code": row.get("code", ""), "amount": row["amount"]} for row in order.discounts
    ]
    rest = order.discount_total - sum(row["amount"] for row in named)
    return [*named, {"name": "", "code": "", "amount": rest}] if rest else named
