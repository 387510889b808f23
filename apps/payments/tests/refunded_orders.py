"""Paid orders for the tests of refunds, made through the real services and the test bank."""

from typing import Any

from apps.catalog.models import Variant
from apps.catalog.tests.factories import make_variant
from apps.jobs.models import Job
from apps.jobs.worker import Worker
from apps.orders.models import Order
from apps.orders.tests.factories import make_order
from apps.payments import services
from apps.payments.models import Payment, Refund
from apps.payments.sandbox.bank import Decision, decide
from apps.payments.services import refunds
from apps.pricing.refunding import Selection


def make_paid_order(*, lines: dict[Variant, int] | None = None, **details: Any) -> Order:
    """An order of two mugs of 19.99 and delivery of 4.90 by default, paid at the test bank; its jobs have run."""
    order = make_order(lines=lines or {make_variant(price=1999): 2}, payment_method="sandbox", **details)
    pay(order)
    return Order.unscoped.get(pk=order.pk)


def pay(order: Order) -> Payment:
    payment = Payment.unscoped.get(order=order, state="created")
    assert decide(payment_ref=payment.ref, decision=Decision.SUCCEED)
    services.reconcile()
    # Nobody listens where the bank would call; its word has been taken in already.
    Job.objects.filter(task_path__endswith="deliver_webhook").delete()
    work()
    Job.objects.all().delete()
    return Payment.unscoped.get(pk=payment.pk)


def refund(order: Order, *, actor: Any = None, token: str = "", **chosen: Any) -> Refund:
    """Refund by the service: `pieces` by line, `shipping`, `extra`, `restock` (lines)."""
    pieces = {str(line.pk): count for line, count in chosen.pop("pieces", {}).items()}
    selection = Selection(pieces=pieces, shipping=chosen.pop("shipping", 0), extra=chosen.pop("extra", 0))
    restock = [line.pk for line in chosen.pop("restock", ())]
    return refunds.refund_order(
        order_id=order.pk,
        selection=selection,
        restock=restock,
        token=token or f"t{Refund.unscoped.count()}",
        actor=actor,
        **{"reason": Refund.Reason.GOODWILL, **chosen},
    )


def work() -> None:
    """Run the jobs that are due, but none that run by themselves: a test calls those that it is about."""
    worker = Worker()
    while worker.work_one():
        pass
