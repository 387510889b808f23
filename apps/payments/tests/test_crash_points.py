"""Where a shop can be made to end like `kill -9` (docs/operations.md): money passes its points in this order."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.core import crash
from apps.orders import services as orders
from apps.orders.models import Order
from apps.orders.services import closing
from apps.orders.tests.factories import make_order
from apps.payments.tests.refunded_orders import pay, refund, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def passed(monkeypatch):
    """The points that were passed."""
    names = []
    monkeypatch.setattr(crash, "point", names.append)
    return names


def since(names):
    """What was passed since it was asked last; what carries mails and jobs has its own tests."""
    found = [name for name in names if not str(name).startswith(("notifications.", "jobs."))]
    names.clear()
    return found


def test_a_purchase_that_is_shipped_and_refunded(passed):
    order = make_order(payment_method="sandbox")
    assert since(passed) == [
        "orders.place.cart_closed",
        "orders.place.order_written",
        "orders.place.lines_written",
        "payments.prepare.payment_written",
        "orders.place.payment_prepared",
        "orders.place.discounts_redeemed",
        "orders.place.stock_held",
        "orders.place.facts_sent",
        "orders.place.committed",
    ]

    pay(order)
    assert since(passed) == [
        "payments.sandbox.outcome_written",
        "payments.sandbox.outcome_committed",
        "payments.reconcile.event_kept",
        "payments.apply.book_read",
        "payments.apply.payment_moved",
        "orders.record_payment.order_moved",
        "orders.record_payment.facts_sent",
        "payments.apply.event_finished",
        "payments.apply.committed",
        "payments.issue.number_taken",
        "payments.issue.document_written",
    ]

    line = order.lines.get()
    refund(order, pieces={line: 1}, restock=[line])
    assert since(passed) == [
        "payments.refund.row_written",
        "payments.refund.payment_counted",
        "orders.return.pieces_released",
        "payments.refund.goods_returned",
        "payments.refund.job_enqueued",
        "payments.refund.committed",
    ]

    work()
    assert since(passed) == [
        "payments.send_refund.before_call",
        "payments.send_refund.after_call",
        "payments.fold.refund_succeeded",
        "payments.send_refund.taken_in",
        "payments.send_refund.committed",
        "payments.issue.number_taken",
        "payments.issue.document_written",
    ]


def test_the_goods_leave(passed):
    order = make_order(paid=True)
    passed.clear()

    orders.record_fulfilment(order_id=order.pk, to="shipped")

    assert since(passed) == ["orders.record_fulfilment.order_moved"]


def test_an_order_is_cancelled(passed):
    order = make_order(payment_method="sandbox")
    passed.clear()

    orders.cancel_order(order_id=order.pk, restock=True, actor=None)

    assert since(passed) == [
        "payments.close.bank_closed",
        "orders.cancel.order_moved",
        "orders.cancel.facts_sent",
        "orders.cancel.stock_moved",
    ]


def test_an_order_expires(passed):
    order = make_order(payment_method="sandbox")
    Order.unscoped.filter(pk=order.pk).update(hold_expires_at=timezone.now() - timedelta(seconds=1))
    passed.clear()

    closing.sweep()

    assert since(passed) == [
        "payments.close.bank_closed",
        "orders.expire.payment_closed",
        "orders.expire.order_moved",
        "orders.expire.stock_freed",
    ]
