"""What a test does at the shop's side of Stripe."""

from typing import Any

from apps.core.invariants import audit
from apps.jobs.models import Job
from apps.orders import services as orders
from apps.orders.models import Order, OrderEvent
from apps.orders.tests.factories import make_order as place_order
from apps.payments.models import Payment
from apps.payments.tests.factories import make_order


def bare_order(**columns: Any) -> Order:
    """Without lines, for what does not touch the stock."""
    return make_order(payment_method="stripe", **columns)


def started(order: Order | None = None, **columns: Any) -> Payment:
    """An attempt whose page the buyer has been sent to."""
    order = order or bare_order(**columns)
    orders.start_payment(order_id=order.pk, payment_method="stripe")
    return Payment.unscoped.filter(order=order).order_by("-attempt").first()


def placed(**details: Any) -> Payment:
    """A real order with its stock held, and the open attempt to pay it."""
    order = place_order(payment_method="stripe", **details)
    return started(order)


def work() -> None:
    """Run the jobs of payments that wait, and those that they ask for."""
    while True:
        job = Job.objects.filter(task_path__startswith="apps.payments.", status=Job.Status.READY).order_by("pk").first()
        if job is None:
            return
        arguments = job.args_kwargs
        job.task.call(*arguments["args"], **arguments["kwargs"])
        job.delete()


def take_in(stripe: Any) -> None:
    """Deliver what waits, and do it."""
    stripe.control.deliver()
    work()


def fresh(row: Any) -> Any:
    row.refresh_from_db()
    return row


def order_of(payment: Payment) -> Order:
    return Order.unscoped.get(pk=payment.order_id)


def kinds(order: Order) -> list[str]:
    return list(OrderEvent.unscoped.filter(order=order).values_list("kind", flat=True))


def broken() -> list[str]:
    return [str(found) for found in audit() if found.invariant.startswith("payments.")]
