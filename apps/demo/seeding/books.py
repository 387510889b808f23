"""Seeded orders as rows in every book they touch: orders, payments, parcels, stock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, Model

from apps.catalog.models import Stock, StockMovement
from apps.catalog.selectors.variants import VariantInfo
from apps.demo.seeding import returns
from apps.demo.seeding.fates import Fate, Kind
from apps.orders.models import Order, OrderEvent, OrderLine
from apps.orders.services.states import summarise
from apps.payments.models import Payment, Refund, SandboxTransaction
from apps.pricing.explanation import explain
from apps.pricing.quote import Quote
from apps.shipping.models import Shipment

METHOD = "sandbox"
_KNOWN: dict[str, str] = {
    Payment.State.CREATED: SandboxTransaction.Outcome.OPEN,
    Payment.State.SUCCEEDED: SandboxTransaction.Outcome.SUCCEEDED,
}


@dataclass(frozen=True, slots=True)
class Draft:
    """An order to be written. The address serves for delivery and invoice."""

    token: UUID
    user_id: int | None
    guest_key: str
    email: str
    language: str
    address: dict[str, str]
    basket: Sequence[tuple[VariantInfo, int]]
    quote: Quote
    fate: Fate
    tracking: str


@contextmanager
def own_dates(*models: type[Model]) -> Iterator[None]:
    """While it lasts, moments that Django would stamp with the present keep what they were given.

    For commands only: it changes the fields of the model classes for the whole process.
    """
    stamped = [
        (field, name)
        for model in models
        for field in model._meta.concrete_fields
        for name in ("auto_now", "auto_now_add")
        if getattr(field, name, False)
    ]
    for field, name in stamped:
        setattr(field, name, False)
    try:
        yield
    finally:
        for field, name in stamped:
            setattr(field, name, True)


def write(drafts: Sequence[Draft]) -> None:
    """Write the drafts, in the order of the shop's locks: orders, payments, parcels, stock last.

    Belongs into the caller's transaction.
    """
    with own_dates(Order, OrderEvent, Payment, Refund, SandboxTransaction, Shipment, StockMovement):
        orders = Order.unscoped.bulk_create([_order(draft) for draft in drafts])
        pairs = list(zip(orders, drafts, strict=True))
        OrderLine.unscoped.bulk_create([line for order, draft in pairs for line in _lines(order, draft)])
        payments = [payment for order, draft in pairs for payment in _payments(order, draft)]
        Payment.unscoped.bulk_create(payments)
        SandboxTransaction.objects.bulk_create(_bank_entry(payment) for payment in payments if payment.state in _KNOWN)
        paying = {payment.order_id: payment for payment in payments}  # the last attempt of each order
        refs = {
            order.pk: returns.write(order, paying[order.pk], draft.fate)
            for order, draft in pairs
            if draft.fate.gives_back and order.pk in paying
        }
        OrderEvent.unscoped.bulk_create(
            [
                event
                for order, draft in pairs
                for event in _events(order, draft, paying.get(order.pk), refs.get(order.pk, {}))
            ]
        )
        Shipment.unscoped.bulk_create([parcel for order, draft in pairs for parcel in _parcels(order, draft)])
        _write_stock(pairs)


def _order(draft: Draft) -> Order:
    fate, quoted = draft.fate, draft.quote
    choice = quoted.shipping_choice
    return Order(
        checkout_token=draft.token,
        user_id=draft.user_id,
        guest_key=None if draft.user_id else draft.guest_key,
        status=summarise(
            payment=fate.payment_state,
            fulfilment=fate.fulfilment_state,
            refund=fate.refund_state,
            closure=fate.closure,
        ),
        refund_state=fate.refund_state,
        payment_state=fate.payment_state,
        fulfilment_state=fate.fulfilment_state,
        closure=fate.closure,
        version=len(fate.steps),
        email=draft.email,
        language=draft.language,
        shipping_address=draft.address,
        billing_address=draft.address,
        shipping_method=choice.code if choice else "",
        shipping_label=choice.label if choice else "",
        payment_method=METHOD,
        placed_at=fate.placed_at,
        hold_expires_at=fate.placed_at + timedelta(seconds=settings.STOCK_HOLD_SECONDS),
        paid_at=fate.at(Kind.PAID),
        **_amounts(quoted),
    )


def _amounts(quoted: Quote) -> dict[str, Any]:
    return {
        "currency": quoted.total.currency,
        "prices_include_tax": quoted.prices_include_tax,
        "subtotal": quoted.subtotal.amount,
        "discount_total": quoted.discount.amount,
        "shipping_total": quoted.shipping.amount,
        "tax_total": quoted.tax.amount,
        "tax_added": quoted.tax_added.amount,
        "total": quoted.total.amount,
        "tax_lines": [line.as_dict() for line in quoted.tax_lines],
        "explanation": explain(quoted),
    }


def _lines(order: Order, draft: Draft) -> Iterator[OrderLine]:
    for (article, _), line in zip(draft.basket, draft.quote.lines, strict=True):
        yield OrderLine(
            order=order,
            variant_id=article.variant_id,
            sku=article.sku,
            title=article.title,
            option_text=article.option_text,
            cover=article.cover,
            quantity=line.quantity,
            unit_price=line.unit_price.amount,
            discount=line.discount.amount,
            amount=line.amount.amount,
            tax_class=line.tax_class,
            tax_rate=line.tax_rate,
            tax=line.tax.amount,
        )


def _payments(order: Order, draft: Draft) -> Iterator[Payment]:
    """The attempts to pay, oldest first; the last one is that of the order's own state."""
    fate, attempt = draft.fate, 1
    if not order.total:
        return
    if fate.declined_once:
        yield _payment(order, attempt, Payment.State.FAILED, fate.placed_at, fate.at(Kind.PAYMENT_FAILED))
        attempt += 1
    if order.payment_state == Order.PaymentState.PAID:
        yield _payment(order, attempt, Payment.State.SUCCEEDED, fate.placed_at, fate.at(Kind.PAID))
    elif order.closure == Order.Closure.NONE:
        yield _payment(order, attempt, Payment.State.CREATED, fate.placed_at, None)
    else:
        yield _payment(order, attempt, Payment.State.CLOSED, fate.placed_at, fate.steps[-1][1])


def _payment(order: Order, attempt: int, state: str, opened: datetime, moved: datetime | None) -> Payment:
    return Payment(
        order=order,
        method=METHOD,
        attempt=attempt,
        state=state,
        amount=order.total,
        currency=order.currency,
        captured=order.total if state == Payment.State.SUCCEEDED else 0,
        applied=state == Payment.State.SUCCEEDED,
        created_at=opened,
        updated_at=moved or opened,
    )


def _bank_entry(payment: Payment) -> SandboxTransaction:
    """Who opens a waiting order can still pay it at the test bank, and a paid one can be refunded there."""
    return SandboxTransaction(
        outcome=_KNOWN[payment.state],
        payment_ref=payment.ref,
        amount=payment.amount,
        currency=payment.currency,
        description=payment.order.number,
        return_url=payment.order.get_absolute_url(),
        created_at=payment.created_at,
    )


def _events(order: Order, draft: Draft, payment: Payment | None, refund: dict[str, Any]) -> Iterator[OrderEvent]:
    paid = {"payment_ref": payment.ref if payment else "", "amount": order.total, "currency": order.currency}
    data: dict[Kind, dict[str, Any]] = {
        Kind.PAID: paid,
        Kind.SHIPPED: {"carrier": "DHL", "tracking_number": draft.tracking, "tracking_url": ""},
        Kind.CANCELLED: {"restock": True},
        Kind.REFUND_STARTED: refund,
        Kind.REFUNDED: refund,
    }
    for kind, at in draft.fate.steps:
        yield OrderEvent(order=order, kind=kind, data=data.get(kind, {}), at=at)


def _parcels(order: Order, draft: Draft) -> Iterator[Shipment]:
    packed_at = draft.fate.at(Kind.PACKED)
    if packed_at is None:
        return
    shipped_at = draft.fate.at(Kind.SHIPPED)
    yield Shipment(
        order=order,
        state=order.fulfilment_state,
        carrier="DHL" if shipped_at else "",
        tracking_number=draft.tracking if shipped_at else "",
        packed_at=packed_at,
        shipped_at=shipped_at,
        delivered_at=draft.fate.at(Kind.DELIVERED),
    )


def _write_stock(pairs: Sequence[tuple[Order, Draft]]) -> None:
    """What was shipped and what is still promised came by a delivery before: what can be bought stays as it was."""
    sold: Counter[int] = Counter()
    held: Counter[int] = Counter()
    movements = []
    for order, draft in pairs:
        for article, quantity in draft.basket:
            if draft.fate.holds_stock:
                held[article.variant_id] += quantity
            elif draft.fate.consumes_stock:
                sold[article.variant_id] += quantity
                movements.append(_sale(order, article, quantity, draft.fate))
    arrived = min(draft.fate.placed_at for _, draft in pairs) - timedelta(days=1)
    deliveries = [
        StockMovement(variant_id=pk, delta=sold[pk] + held[pk], reason=StockMovement.Reason.DELIVERY, at=arrived)
        for pk in sorted(sold.keys() | held.keys())
    ]
    StockMovement.objects.bulk_create([*deliveries, *movements])
    for pk, pieces in sorted(held.items()):
        Stock.objects.filter(variant_id=pk).update(on_hand=F("on_hand") + pieces, reserved=F("reserved") + pieces)


def _sale(order: Order, article: VariantInfo, quantity: int, fate: Fate) -> StockMovement:
    return StockMovement(
        variant_id=article.variant_id,
        delta=-quantity,
        reason=StockMovement.Reason.SALE,
        order_ref=order.ref,
        at=fate.at(Kind.SHIPPED) or fate.placed_at,
    )
