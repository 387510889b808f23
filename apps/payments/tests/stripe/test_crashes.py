"""The process ends at any point: one run of reconciliation later everything is as it should be, and paid once.

Here the end is an exception that nothing catches, which leaves what was committed and nothing else; the tests of
kills end real processes.
"""

import pytest
from django.utils import timezone

from apps.core import crash
from apps.core.invariants import audit
from apps.jobs.models import Job
from apps.orders import services as orders
from apps.orders.models import Order
from apps.orders.tests.factories import make_order as place_order
from apps.payments import services
from apps.payments.models import Payment
from apps.payments.tests.stripe.shop import fresh, placed, started, work

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """Not an Exception: nothing may catch it, as nothing catches SIGKILL."""


@pytest.fixture
def die_at(monkeypatch):
    """Die once at the named point; the point must be reached."""
    reached: list[str] = []

    def arm(name: str) -> None:
        def point(reached_name: str) -> None:
            if reached_name == name and name not in reached:
                reached.append(name)
                raise Killed(name)

        monkeypatch.setattr(crash, "point", point)

    yield arm
    assert len(reached) == 1


def mend() -> None:
    """What happens by itself: left jobs run again, and one reconciliation."""
    services.reconcile(books=False)
    work()
    Job.objects.filter(task_path__startswith="apps.payments.").delete()


@pytest.mark.parametrize(
    "point",
    [
        "payments.prepare.payment_written",
        "payments.stripe.asked",
        "payments.stripe.session_made",
        "payments.stripe.session_noted",
    ],
)
def test_dying_on_the_way_to_the_page_leaves_one_session_and_one_charge(stripe, die_at, point):
    die_at(point)
    with pytest.raises(Killed):
        order = place_order(payment_method="stripe")
        orders.start_payment(order_id=order.pk, payment_method="stripe")
    order = Order.unscoped.first() or place_order(payment_method="stripe")

    payment = started(order)
    stripe.control.pay(payment.session_ref)
    mend()

    assert fresh(order).status == "paid"
    assert Payment.unscoped.count() == 1
    assert len(stripe.control.objects("checkout.session")) == 1
    assert stripe.control.charged(order.ref, by="order_ref")["charges"] == 1
    assert audit() == []


@pytest.mark.parametrize(
    "point",
    [
        "payments.webhook.event_written",
        "payments.webhook.committed",
        "payments.apply.book_read",
        "payments.apply.payment_moved",
        "payments.apply.event_finished",
        "payments.apply.committed",
        "payments.check.book_read",
        "payments.check.settled",
        "payments.reconcile.event_kept",
    ],
)
def test_dying_while_the_money_is_taken_in_pays_once(stripe, die_at, point):
    payment = placed()
    stripe.control.pay(payment.session_ref)
    die_at(point)
    if point.startswith("payments.reconcile"):
        stripe.control.fault("drop", count=None)
    with pytest.raises(Killed):
        if "check" in point or "reconcile" in point:
            services.reconcile(books=False) if "reconcile" in point else services.check_payment(payment_id=payment.pk)
        deliver_all(stripe)
        work()

    mend()

    assert (fresh(payment).state, payment.applied) == ("succeeded", True)
    assert fresh(payment.order).status == "paid"
    assert payment.order.events.filter(kind="paid").count() == 1
    assert audit() == []


def deliver_all(stripe) -> None:
    from apps.payments.inbox import receive_event
    from apps.payments.stripe import webhook

    for event in stripe.control.events():
        body, _ = stripe.control.signed(event["id"])
        receive_event(provider="stripe", **webhook.parse(body))


@pytest.mark.parametrize("point", ["payments.stripe.session_expired", "orders.expire.payment_closed"])
def test_dying_while_an_order_expires_frees_its_stock_once(stripe, die_at, point):
    payment = placed()
    Order.unscoped.update(hold_expires_at=timezone.now())
    die_at(point)
    with pytest.raises(Killed):
        orders.sweep()

    mend()
    orders.sweep()

    assert (fresh(payment).state, fresh(payment.order).status) == ("closed", "expired")
    assert audit() == []


def test_dying_while_unwanted_money_is_sent_back_sends_it_back_once(stripe, die_at):
    payment = placed()
    stripe.control.pay(payment.session_ref)
    Order.unscoped.update(total=1, subtotal=1, shipping_total=0)
    die_at("payments.apply.given_back")
    with pytest.raises(Killed):
        services.check_payment(payment_id=payment.pk)

    mend()

    fresh(payment)
    assert payment.captured == payment.refunded > 0
    assert stripe.control.charged(payment.ref, by="payment_ref")["refunded"] == payment.captured


@pytest.mark.parametrize("point", ["payments.apply.hold_prolonged", "payments.capture.asked", "payments.capture.taken"])
def test_dying_around_an_authorisation_takes_the_money_once(stripe, die_at, settings, point):
    settings.STRIPE_CAPTURE = "manual"
    payment = placed()
    stripe.control.pay(payment.session_ref)
    die_at(point)
    with pytest.raises(Killed):
        services.check_payment(payment_id=payment.pk)
        services.capture_payment(payment_id=payment.pk, actor=None)
        work()

    mend()
    if fresh(payment).state == "authorised":
        services.capture_payment(payment_id=payment.pk, actor=None)
        services.take_authorised(payment_id=payment.pk)

    assert fresh(payment.order).status == "paid"
    assert stripe.control.charged(payment.ref, by="payment_ref") == {
        "charges": 1,
        "captured": payment.amount,
        "refunded": 0,
    }
    assert audit() == []


def test_dying_while_an_authorisation_is_let_go_cancels_later(stripe, die_at, settings):
    settings.STRIPE_CAPTURE = "manual"
    payment = placed()
    stripe.control.pay(payment.session_ref)
    services.check_payment(payment_id=payment.pk)
    die_at("payments.stripe.authorisation_let_go")
    with pytest.raises(Killed):
        orders.cancel_order(order_id=payment.order_id, restock=True, actor=None)

    mend()
    orders.cancel_order(order_id=payment.order_id, restock=True, actor=None)

    assert (fresh(payment).state, fresh(payment.order).status) == ("closed", "cancelled")
    assert audit() == []


def test_dying_while_a_lost_row_is_made_again_makes_it_once(stripe, die_at):
    payment = placed()
    order = payment.order
    stripe.control.pay(payment.session_ref)
    Payment.unscoped.filter(pk=payment.pk).delete()
    die_at("payments.adopt.payment_written")
    with pytest.raises(Killed):
        services.reconcile(books=False)

    mend()

    assert fresh(order).status == "paid"
    assert Payment.unscoped.count() == 1
    assert audit() == []


def test_dying_between_two_open_payments_asks_for_both_the_next_time(stripe, die_at):
    payments = [placed(), placed()]
    stripe.control.fault("drop", count=None)
    for payment in payments:
        stripe.control.pay(payment.session_ref)
    for event in list(stripe.account.each("event")):
        stripe.account.rows.pop(event["id"])
    stripe.account._by_kind["event"].clear()
    die_at("payments.reconcile.payment_checked")
    with pytest.raises(Killed):
        services.reconcile(books=False)

    mend()

    assert [fresh(payment).state for payment in payments] == ["succeeded", "succeeded"]
    assert audit() == []
