"""Refunds of seeded orders: computed as the shop computes them, written with the dates of their order."""

from __future__ import annotations

from typing import Any

from apps.demo.seeding.fates import Back, Fate, Kind
from apps.orders.models import Order
from apps.payments.models import Payment, Refund, RefundLine
from apps.payments.services.refunds import order_parts
from apps.pricing.refunding import Part, RefundQuote, Selection, everything_left, refund_quote


def write(order: Order, payment: Payment, fate: Fate) -> dict[str, Any]:
    """Refund what the fate says; returns what the order's events say of it. Goods stay where they are."""
    parts = order_parts(order)
    quote = refund_quote(parts, _selection(parts, fate.back), currency=order.currency)
    cancelled = order.closure == Order.Closure.CANCELLED
    refund = Refund.unscoped.create(
        order=order,
        payment=payment,
        state=Refund.State.SUCCEEDED,
        origin=Refund.Origin.RULE if cancelled else Refund.Origin.STAFF,
        reason=Refund.Reason.CANCELLED if cancelled else _REASONS[fate.back],
        currency=order.currency,
        amount=quote.total.amount,
        goods_amount=quote.goods.amount,
        shipping_amount=quote.shipping.amount,
        extra_amount=quote.extra.amount,
        tax=quote.tax.amount,
        explanation=quote.explanation,
        idempotency_key=f"seeded-{order.ref}",
        created_at=fate.at(Kind.REFUND_STARTED) or order.placed_at,
        settled_at=fate.at(Kind.REFUNDED),
    )
    refund.provider_ref = f"sandbox-{refund.ref}"
    refund.save(update_fields=["provider_ref"])
    _write_lines(refund, quote)
    Payment.unscoped.filter(pk=payment.pk).update(refunded=refund.amount, updated_at=refund.settled_at)
    return {"refund_ref": refund.ref, "amount": refund.amount, "currency": refund.currency}


_REASONS = {
    Back.ALL: Refund.Reason.CHANGED_MIND,
    Back.ONE_PIECE: Refund.Reason.DAMAGED,
    Back.GOODWILL: Refund.Reason.GOODWILL,
}


def _selection(parts: list[Part], back: Back) -> Selection:
    if back == Back.ALL:
        return everything_left(parts)
    if back == Back.ONE_PIECE:
        return Selection(pieces={parts[0].key: 1})
    return Selection(extra=max(1, sum(part.left for part in parts) // 10))


def _write_lines(refund: Refund, quote: RefundQuote) -> None:
    RefundLine.unscoped.bulk_create(
        RefundLine(
            refund=refund,
            order_line_id=int(done.part.key),
            quantity=done.pieces,
            amount=done.amount,
            tax=done.tax,
        )
        for done in quote.lines
    )
