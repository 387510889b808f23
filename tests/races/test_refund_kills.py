"""`kill -9` at each crash point of a refund: it is made once or not at all, and the money goes back once.

The short version kills once at each point, on one of the two databases; `make races` twenty times on both.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.catalog.models import Stock
from apps.catalog.tests.factories import make_variant
from apps.core import invariants
from apps.jobs.models import Job
from apps.jobs.worker import Worker
from apps.notifications.models import Message
from apps.orders import services as orders
from apps.orders.models import Order
from apps.payments.models import Payment, Refund, SandboxTransaction
from apps.payments.services import refunds
from apps.payments.tests.refunded_orders import make_paid_order
from apps.pricing.refunding import Selection
from tests.support.mortal import in_process, in_turn

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

STARTING = [
    "payments.refund.row_written",
    "payments.refund.payment_counted",
    "orders.return.pieces_released",
    "payments.refund.goods_returned",
    "payments.refund.job_enqueued",
    "payments.refund.committed",
]
SENDING = [
    "jobs.worker.claimed",
    "payments.send_refund.before_call",
    "payments.send_refund.after_call",
    "payments.fold.refund_succeeded",
    "payments.send_refund.taken_in",
    "payments.send_refund.committed",
    "jobs.worker.task_done",
]
CANCELLING = [
    "orders.cancel.order_moved",
    "payments.refund.row_written",
    "payments.refund.payment_counted",
    "payments.refund.job_enqueued",
    "orders.cancel.facts_sent",
    "orders.cancel.stock_moved",
]

times = pytest.mark.parametrize("kills", [1, pytest.param(20, marks=pytest.mark.long)])


@pytest.fixture
def variant():
    return make_variant(price=1000, on_hand=1000)


def start(order, token="press"):
    """One press of the button: two pieces of three, of which both can be sold again."""
    line = order.lines.get()
    return refunds.refund_order(
        order_id=order.pk,
        selection=Selection(pieces={str(line.pk): 2}, extra=50),
        restock=[line.pk],
        reason="damaged",
        token=token,
        actor=None,
    )


def work():
    """The worker of a restart: what the dead one held is due at once."""
    for _ in range(4):
        past = timezone.now() - timedelta(seconds=1)
        Job.objects.filter(status=Job.Status.READY).exclude(run_after__year=9999).update(run_after=past)
        Worker().drain()


def assert_refunded_once(order, *, amount=2050):
    assert invariants.audit() == []
    made = Refund.unscoped.get(order=order)
    assert (made.state, made.amount) == ("succeeded", amount)
    assert Payment.unscoped.get(order=order).refunded == amount
    assert SandboxTransaction.objects.get(description=order.number).refunds == {made.idempotency_key: amount}
    assert order.events.filter(kind="refunded").count() == 1
    assert Message.objects.filter(kind="payment.refunded", event_id=f"refund-{made.ref}").count() == 1


@pytest.mark.parametrize("point", in_turn(STARTING))
@times
def test_a_kill_while_refunding_makes_one_refund_or_none(variant, point, kills):
    for n in range(kills):
        order = make_paid_order(lines={variant: 3})
        assert in_process(lambda order=order: start(order), crash_at=point) == "killed"
        made = point == "payments.refund.committed"
        assert Refund.unscoped.filter(order=order).count() == made
        assert Stock.objects.get().reserved == n + (1 if made else 3)
        assert invariants.audit() == []
        in_process(lambda order=order: start(order))
        in_process(work)
        assert_refunded_once(order)
        assert Stock.objects.values_list("on_hand", "reserved").get() == (1000, n + 1)


@pytest.mark.parametrize("point", in_turn(SENDING))
@times
def test_a_kill_while_sending_gives_the_money_back_once(variant, point, kills):
    for _ in range(kills):
        order = make_paid_order(lines={variant: 3})
        start(order)
        assert in_process(work, crash_at=point) == "killed"
        assert invariants.audit() == []
        in_process(work)
        assert_refunded_once(order)


@pytest.mark.parametrize("point", in_turn(CANCELLING))
@times
def test_a_kill_while_cancelling_refunds_all_or_nothing(variant, point, kills):
    for _ in range(kills):
        order = make_paid_order(lines={variant: 3})

        def cancel(order=order):
            orders.cancel_order(order_id=order.pk, restock=True, actor=None)

        assert in_process(cancel, crash_at=point) == "killed"
        assert (Refund.unscoped.filter(order=order).count(), Stock.objects.get().reserved) == (0, 3)
        assert invariants.audit() == []
        in_process(cancel)
        in_process(work)
        assert_refunded_once(order, amount=order.total)
        assert Order.unscoped.get(pk=order.pk).status == "cancelled"
        assert Stock.objects.values_list("on_hand", "reserved").get() == (1000, 0)


@times
def test_a_kill_while_a_refund_fails_counts_it_once(variant, kills):
    for _ in range(kills):
        order = make_paid_order(lines={variant: 3})
        SandboxTransaction.objects.filter(description=order.number).update(outcome="declined")
        made = start(order)
        assert in_process(work, crash_at="payments.fold.refund_failed") == "killed"
        assert Payment.unscoped.get(order=order).refunded == 2050
        in_process(work)
        made.refresh_from_db()
        assert (made.state, Payment.unscoped.get(order=order).refunded) == ("failed", 0)
        assert order.events.filter(kind="refund_failed").count() == 1
        assert invariants.audit() == []
