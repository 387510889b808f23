import uuid
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.core.ownership import Owner
from apps.orders.models import Order
from apps.payments.models import Payment, SandboxTransaction
from apps.payments.sandbox.method import SandboxMethod

ALICE = Owner(guest_key="a" * 64)


def make_order(*, owner: Owner = ALICE, total: int = 3688, **columns: Any) -> Order:
    """An order that waits for its payment; without lines, because payments never look at them."""
    values: dict[str, Any] = {
        "checkout_token": uuid.uuid4(),
        "email": "alice@example.com",
        "currency": "EUR",
        "subtotal": total,
        "shipping_total": 0,
        "tax_total": 0,
        "total": total,
        "payment_method": "sandbox",
        "hold_expires_at": timezone.now() + timedelta(minutes=30),
    }
    return Order.unscoped.create(**{**owner.columns, **values, **columns})


def make_payment(*, order: Order | None = None, **columns: Any) -> Payment:
    """An open attempt of the order at the test bank, made the way checkout makes it."""
    order = order or make_order(**columns)
    with transaction.atomic():
        SandboxMethod().prepare(order)
    return Payment.unscoped.get(order=order, state=Payment.State.CREATED)


def book_entry(payment: Payment) -> SandboxTransaction:
    return SandboxTransaction.objects.get(payment_ref=payment.ref)
