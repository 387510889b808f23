"""Many hands on one refund: never more than was captured, one refund per press. With negative controls.

The guards against giving back too much are, one behind the other: the lock on the order, under which what is left is
read; the conditional UPDATE of the payment; and the database's own CHECK. The controls lift them one after the other.
"""

from collections import Counter
from contextlib import contextmanager
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from apps.catalog.models import Stock
from apps.catalog.tests.factories import make_variant
from apps.core.errors import DomainError
from apps.core.invariants import audit
from apps.jobs.models import Job
from apps.orders import services as orders
from apps.orders.errors import IllegalMove
from apps.orders.models import Order
from apps.payments.models import Payment, Refund, SandboxTransaction
from apps.payments.services import refunds
from apps.payments.services.refunds import writing
from apps.payments.tests.refunded_orders import make_paid_order, refund, work
from apps.payments.tests.test_races import HANDS, at_once
from apps.pricing.refunding import MoreThanLeft, Selection

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

CHECK = "payments_payment_refunded_within_captured"


@pytest.fixture
def order():
    """Of 44.88: two mugs of 19.99 and delivery."""
    return make_paid_order(lines={make_variant(price=1999): 2})


def tried(act):
    """What the act returned or was refused with, without the traceback that would keep the connection."""

    def run():
        try:
            return act()
        except (DomainError, IntegrityError) as refusal:
            return type(refusal)

    return run


def refunded():
    return Payment.unscoped.get().refunded


def test_many_clerks_at_once_give_back_no_more_than_was_captured(order):
    acts = [tried(lambda: refund(order, extra=1500, token=uuid4().hex)) for _ in range(HANDS)]

    results = at_once(*acts)

    assert Counter(result for result in results if result is MoreThanLeft) == {MoreThanLeft: HANDS - 2}
    assert (Refund.unscoped.count(), refunded(), Job.objects.count()) == (2, 3000, 2)
    work()
    assert sum(SandboxTransaction.objects.get().refunds.values()) == 3000
    assert audit() == []


def test_ten_presses_of_one_button_are_one_refund(order):
    line = order.lines.get()

    made = at_once(*[lambda: refund(order, pieces={line: 1}, restock=[line], token="press").pk] * 10)

    assert len(set(made)) == 1
    assert (Refund.unscoped.count(), refunded(), Job.objects.count()) == (1, 1999, 1)
    assert Stock.objects.values_list("on_hand", "reserved").get() == (10, 1)


def test_the_same_pieces_at_once_are_refunded_once(order):
    line = order.lines.get()
    acts = [tried(lambda: refund(order, pieces={line: 2}, restock=[line], token=uuid4().hex)) for _ in range(HANDS)]

    at_once(*acts)

    assert (Refund.unscoped.count(), refunded()) == (1, 3998)
    assert Stock.objects.values_list("on_hand", "reserved").get() == (10, 0)


def test_one_refund_sent_by_many_workers_is_made_once(order):
    made = refund(order, extra=1000)

    at_once(*[lambda: refunds.send_refund(refund_id=made.pk)] * HANDS)

    assert SandboxTransaction.objects.get().refunds == {made.idempotency_key: 1000}
    assert order.events.filter(kind="refunded").count() == 1
    assert audit() == []


def test_a_failed_refund_tried_again_by_many_is_one_more(order):
    made = refund(order, extra=1000)
    Refund.unscoped.update(state="failed")
    Payment.unscoped.update(refunded=0)

    results = at_once(*[tried(lambda: refunds.retry_refund(refund_id=made.pk, actor=None))] * HANDS)

    assert results.count(refunds.AlreadyTried) == HANDS - 1
    assert (Refund.unscoped.count(), refunded()) == (2, 1000)


@pytest.mark.parametrize("attempt", range(3))
def test_cancelling_and_refunding_at_once_give_back_everything_once(order, attempt):
    line = order.lines.get()

    def cancel():
        orders.cancel_order(order_id=order.pk, restock=True, actor=None)

    refunding, cancelling = at_once(
        tried(lambda: refund(order, pieces={line: 1}, restock=[line], token="press")), tried(cancel)
    )

    fresh = Order.unscoped.get()
    if cancelling is IllegalMove:  # the refund had moved the order in between: the clerk is asked to look again
        assert (fresh.status, refunded()) == ("paid", 1999)
        assert Stock.objects.values_list("on_hand", "reserved").get() == (10, 1)
        cancel()
    else:
        assert refunding is MoreThanLeft or refunded() == 4488
    assert (Order.unscoped.get().status, refunded()) == ("cancelled", 4488)
    assert Stock.objects.values_list("on_hand", "reserved").get() == (10, 0)
    work()
    assert audit() == []


class TestNegativeControls:
    """Eight clerks look at the same 44.88 before one of them refunds his 15.00."""

    def over_refund(self, order):
        payment, barrier = Payment.unscoped.get(), Barrier(HANDS)

        def naive():
            quote = refunds.preview_refund(order=order, selection=Selection(extra=1500))
            barrier.wait()
            with transaction.atomic():
                writing.write_refund(
                    payment, quote, key=uuid4().hex, origin="staff", reason="other", note="", actor=None
                )

        return at_once(*[tried(naive)] * HANDS)

    def test_without_the_lock_the_conditional_update_refuses(self, order):
        assert self.over_refund(order).count(refunds.NotRefundable) == HANDS - 2
        assert (Refund.unscoped.count(), refunded()) == (2, 3000)

    def test_without_the_condition_too_the_check_refuses(self, order, unconditional):
        assert self.over_refund(order).count(IntegrityError) == HANDS - 2
        assert (Refund.unscoped.count(), refunded()) == (2, 3000)

    def test_without_the_check_too_more_goes_back_than_was_taken(self, order, unconditional):
        with without_check():
            assert self.over_refund(order) == [None] * HANDS
            assert (Refund.unscoped.count(), refunded()) == (8, 12000)
            broken = {found.invariant for found in audit()}
            assert "payments.refunded_within_captured" in broken
            Payment.unscoped.update(refunded=0)


@pytest.fixture
def unconditional(monkeypatch):
    def count(payment_id, amount):
        return Payment.unscoped.filter(pk=payment_id).update(refunded=F("refunded") + amount)

    monkeypatch.setattr(writing, "_count", count)


@contextmanager
def without_check():
    check = next(found for found in Payment._meta.constraints if found.name == CHECK)
    Payment._meta.constraints.remove(check)  # SQLite rebuilds the table from what the model says
    with connection.schema_editor() as editor:
        editor.remove_constraint(Payment, check)
    try:
        yield
    finally:
        Payment._meta.constraints.append(check)
        with connection.schema_editor() as editor:
            editor.add_constraint(Payment, check)
