"""`kill -9` on the way through Stripe: one restart and one reconciliation later nothing is lost and nothing doubled.

The fake runs in this process and outlives whoever asks it, as Stripe does. Nobody delivers a webhook twice here: what a
death swallowed is found by reconciliation alone. The short version kills once at the points that only this way has;
`make races` twenty times at each.
"""

import secrets
from functools import partial

import pytest

from apps.catalog.models import Stock
from apps.core import invariants
from apps.notifications.models import Message
from apps.orders import services as orders
from apps.orders.models import Cart, Order
from apps.payments import services
from apps.payments.fake_stripe import cards
from apps.payments.models import Invoice, Payment, Refund
from apps.payments.services import refunds
from apps.payments.services.refunds import sending
from apps.payments.stripe import sessions
from apps.pricing.models import Discount
from apps.pricing.refunding import Selection
from apps.pricing.tests.factories import make_discount
from tests.races.test_kills import Journey, heal, mails, once, twenty_times, variant, work_the_queue  # noqa: F401
from tests.support.mortal import in_process
from tests.support.stripe import post, stripe_shop

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

PLACING = [
    "orders.place.order_written",
    "orders.place.lines_written",
    "orders.place.cart_closed",
    "payments.prepare.payment_written",
    "orders.place.payment_prepared",
    "orders.place.discounts_redeemed",
    "orders.place.stock_held",
    "notifications.send.row_written",
    "orders.place.facts_sent",
    "orders.place.committed",
    "payments.stripe.asked",
    "payments.stripe.session_made",
    "payments.stripe.session_noted",
]
HEARING = [
    "payments.webhook.event_written",
    "payments.webhook.committed",
]
WORKING = [
    "jobs.worker.claimed",
    "payments.apply.book_read",
    "payments.apply.payment_moved",
    "orders.record_payment.order_moved",
    "orders.record_payment.facts_sent",
    "payments.apply.event_finished",
    "payments.apply.committed",
    "payments.issue.number_taken",
    "payments.issue.document_written",
    "jobs.worker.task_done",
    "notifications.deliver.before_send",
]
RETURNING = ["payments.check.book_read", "payments.check.settled"]
REFUNDING = [
    "payments.refund.row_written",
    "payments.refund.payment_counted",
    "orders.return.pieces_released",
    "payments.refund.goods_returned",
    "payments.refund.job_enqueued",
    "payments.refund.committed",
    "payments.send_refund.before_call",
    "payments.send_refund.after_call",
    "payments.fold.refund_succeeded",
    "payments.send_refund.taken_in",
    "payments.send_refund.committed",
]
CANCELLING = ["orders.cancel.order_moved", "orders.cancel.facts_sent", "orders.cancel.stock_moved"]
EXPIRING = [
    "payments.stripe.session_expired",
    "orders.expire.payment_closed",
    "orders.expire.order_moved",
    "orders.expire.stock_freed",
]
RECONCILING = ["payments.reconcile.event_kept", "payments.reconcile.payment_checked"]


@pytest.fixture
def stripe(variant):  # noqa: F811
    make_discount(code="KILL", kind="percent", value=100_000)
    with stripe_shop() as stripe:
        yield stripe


class StripeJourney(Journey):
    """With a discount, so that its use is at stake too."""

    def __init__(self, variant, stripe):  # noqa: F811
        self.stripe = stripe
        super().__init__(variant)

    def _checkout_form(self):
        assert self.client.post("/cart/codes/", {"code": "kill"}).status_code < 400
        return super()._checkout_form()

    def placed(self):
        """Through to the page of the provider, pressing the button again where a death had answered."""
        assert self.place()["Location"].startswith((self.stripe.url, "/orders/"))

    @property
    def order(self):
        return Order.unscoped.order_by("-pk").first()

    @property
    def payment(self):
        return Payment.unscoped.get(order=self.order)

    def buyer_pays(self):
        self.stripe.control.pay(self.payment.session_ref, card=cards.SUCCESS)
        event = self.stripe.control.events("checkout.session.completed")[-1]
        self.webhook = self.stripe.control.signed(event["id"])

    def hear(self):
        assert post(*self.webhook) == 200

    def come_back(self):
        assert self.client.get(f"/payments/stripe/{self.payment.ref}/return/").status_code == 303

    def pay(self):
        in_process(self.placed)
        self.buyer_pays()
        in_process(self.hear)

    def refund(self):
        line = self.order.lines.get()
        return refunds.refund_order(
            order_id=self.order.pk,
            selection=Selection(pieces={str(line.pk): 1}),
            reason="changed_mind",
            token="one-press",
            restock=[line.pk],
            actor=None,
        )

    def cancel(self):
        orders.cancel_order(order_id=self.order.pk, restock=True, actor=None)


def restart_and_reconcile():
    """A worker comes back, Stripe is asked once, and what that found is worked off."""
    heal()
    services.reconcile()
    heal()


def kill(act, point):
    assert in_process(act, crash_at=point) == "killed"
    assert invariants.audit() == []


def kill_in_one_of(steps, point):
    """The step in which the point is reached differs; the others are done as usual."""
    killed = [in_process(step, crash_at=point) == "killed" for step in steps]
    assert killed.count(True) == 1
    assert invariants.audit() == []


def assert_paid(stripe, variant, mail_folder, orders=1, mails_in_flight=0, pieces=2):  # noqa: F811
    assert invariants.audit() == []
    assert list(Order.unscoped.values_list("status", flat=True)) == ["paid"] * orders
    assert list(Payment.unscoped.values_list("state", "applied")) == [("succeeded", True)] * orders
    assert stripe.control.double_charges(by="order_number") == []
    charged = [(row["amount_captured"], row["amount_refunded"]) for row in stripe.control.audit()]
    assert charged == [(total, 0) for total in Order.unscoped.order_by("pk").values_list("total", flat=True)]
    assert Cart.unscoped.filter(state="ordered").count() == orders
    assert Discount.objects.get(code="KILL").used == orders
    assert Invoice.unscoped.count() == orders
    assert Stock.objects.get(variant=variant).reserved == pieces * orders
    assert_mailed(mail_folder, messages=2 * orders, mails_in_flight=mails_in_flight)


def assert_mailed(mail_folder, *, messages, mails_in_flight=0):
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    sent = mails(mail_folder)
    assert Message.objects.count() == len({message_id for message_id, _ in sent}) == messages
    assert len(sent) <= messages + mails_in_flight


def kill_while_placing(variant, stripe, point):  # noqa: F811
    journey = StripeJourney(variant, stripe)
    kill(journey.placed, point)
    in_process(journey.placed)
    journey.buyer_pays()
    in_process(journey.hear)
    in_process(restart_and_reconcile)


def kill_while_hearing(variant, stripe, point):  # noqa: F811
    journey = StripeJourney(variant, stripe)
    in_process(journey.placed)
    journey.buyer_pays()
    kill_in_one_of([journey.hear], point)
    in_process(restart_and_reconcile)


def kill_while_working(variant, stripe, point):  # noqa: F811
    StripeJourney(variant, stripe).pay()
    kill_in_one_of([work_the_queue], point)
    in_process(restart_and_reconcile)


def kill_while_returning(variant, stripe, point):  # noqa: F811
    journey = StripeJourney(variant, stripe)
    in_process(journey.placed)
    journey.buyer_pays()
    kill(journey.come_back, point)
    in_process(restart_and_reconcile)


def kill_while_reconciling(variant, stripe, point):  # noqa: F811
    journey = StripeJourney(variant, stripe)
    in_process(journey.placed)
    journey.buyer_pays()
    if point == "payments.reconcile.payment_checked":
        # Stripe believes that all was delivered, so that only the question about the open payment finds the money.
        for delivery in stripe.courier.pending():
            delivery.state = "delivered"
    kill(services.reconcile, point)
    in_process(restart_and_reconcile)


WAYS = [
    *[(kill_while_placing, point) for point in PLACING],
    *[(kill_while_hearing, point) for point in HEARING],
    *[(kill_while_working, point) for point in WORKING],
    *[(kill_while_returning, point) for point in RETURNING],
    *[(kill_while_reconciling, point) for point in RECONCILING],
]
SOME = {"payments.stripe.session_made", "payments.webhook.committed"}
parametrize_ways = partial(
    pytest.mark.parametrize, ("way", "point"), ids=lambda value: getattr(value, "__name__", value)
)


@parametrize_ways([(way, point) for way, point in WAYS if point in SOME])
@once
def test_a_kill_on_the_way_to_the_money_takes_it_once(variant, stripe, tmp_path, way, point, kills):  # noqa: F811
    way(variant, stripe, point)
    assert_paid(stripe, variant, tmp_path / "mail", mails_in_flight=point == "jobs.worker.task_done")


@parametrize_ways(WAYS)
@twenty_times
def test_twenty_kills_on_the_way_take_the_money_of_each_once(variant, stripe, tmp_path, way, point, kills):  # noqa: F811
    for _ in range(kills):
        way(variant, stripe, point)
    flying = kills * (point == "jobs.worker.task_done")
    assert_paid(stripe, variant, tmp_path / "mail", orders=kills, mails_in_flight=flying)


def paid_journey(variant, stripe):  # noqa: F811
    journey = StripeJourney(variant, stripe)
    journey.pay()
    in_process(heal)
    assert journey.order.status == "paid"
    return journey


def kill_while_refunding(variant, stripe, point):  # noqa: F811
    journey = paid_journey(variant, stripe)
    killed = in_process(journey.refund, crash_at=point) == "killed"
    killed = killed or in_process(work_the_queue, crash_at=point) == "killed"
    assert killed
    assert invariants.audit() == []
    in_process(journey.refund)  # the press of the same button again
    in_process(restart_and_reconcile)


def assert_refunded_once(stripe, variant, mail_folder, orders=1):  # noqa: F811
    """One piece of each order: 22.50 of 25.00 less a tenth."""
    assert invariants.audit() == []
    assert set(Order.unscoped.values_list("status", flat=True)) == {"partially_refunded"}
    assert list(Refund.unscoped.values_list("state", "amount")) == [("succeeded", 2250)] * orders
    assert [row["amount_refunded"] for row in stripe.control.audit()] == [2250] * orders
    assert len(stripe.control.objects("refund")) == orders
    assert Invoice.unscoped.filter(kind="credit_note").count() == orders
    assert Stock.objects.get(variant=variant).reserved == orders
    assert Stock.objects.get(variant=variant).on_hand == 1000
    assert_mailed(mail_folder, messages=3 * orders)


@pytest.mark.parametrize("point", ["payments.send_refund.after_call"])
@once
def test_a_kill_while_refunding_gives_back_once(variant, stripe, tmp_path, point, kills):  # noqa: F811
    kill_while_refunding(variant, stripe, point)
    assert_refunded_once(stripe, variant, tmp_path / "mail")


@pytest.mark.parametrize("point", REFUNDING)
@twenty_times
def test_twenty_kills_while_refunding_give_back_once_each(variant, stripe, tmp_path, point, kills):  # noqa: F811
    for _ in range(kills):
        kill_while_refunding(variant, stripe, point)
    assert_refunded_once(stripe, variant, tmp_path / "mail", orders=kills)


def kill_while_cancelling(variant, stripe, point):  # noqa: F811
    journey = paid_journey(variant, stripe)
    kill(journey.cancel, point)
    in_process(journey.cancel)
    in_process(restart_and_reconcile)


def assert_cancelled(stripe, variant, orders=1):  # noqa: F811
    assert invariants.audit() == []
    assert list(Order.unscoped.values_list("status", flat=True)) == ["cancelled"] * orders
    assert [row["amount_captured"] - row["amount_refunded"] for row in stripe.control.audit()] == [0] * orders
    assert Refund.unscoped.filter(state="succeeded").count() == Refund.unscoped.count() == orders
    stock = Stock.objects.get(variant=variant)
    assert (stock.on_hand, stock.reserved) == (1000, 0)
    assert Discount.objects.get(code="KILL").used == 0


@pytest.mark.parametrize("point", CANCELLING)
@twenty_times
def test_twenty_kills_while_cancelling_give_all_back_once_each(variant, stripe, point, kills):  # noqa: F811
    for _ in range(kills):
        kill_while_cancelling(variant, stripe, point)
    assert_cancelled(stripe, variant, orders=kills)


def kill_while_expiring(variant, stripe, point):  # noqa: F811
    journey = StripeJourney(variant, stripe)
    in_process(journey.placed)
    Order.unscoped.filter(pk=journey.order.pk).update(hold_expires_at=journey.order.placed_at)
    kill(orders.sweep, point)
    in_process(orders.sweep)
    in_process(restart_and_reconcile)


def assert_expired(stripe, variant, orders=1):  # noqa: F811
    assert invariants.audit() == []
    assert list(Order.unscoped.values_list("status", flat=True)) == ["expired"] * orders
    assert {row["status"] for row in stripe.control.objects("checkout.session")} == {"expired"}
    assert stripe.control.audit() == []
    stock = Stock.objects.get(variant=variant)
    assert (stock.on_hand, stock.reserved) == (1000, 0)
    assert Discount.objects.get(code="KILL").used == 0
    assert Payment.unscoped.filter(state="closed").count() == orders


@pytest.mark.parametrize("point", ["payments.stripe.session_expired"])
@once
def test_a_kill_while_expiring_frees_everything_once(variant, stripe, point, kills):  # noqa: F811
    kill_while_expiring(variant, stripe, point)
    assert_expired(stripe, variant)


@pytest.mark.parametrize("point", EXPIRING)
@twenty_times
def test_twenty_kills_while_expiring_free_everything_once_each(variant, stripe, point, kills):  # noqa: F811
    for _ in range(kills):
        kill_while_expiring(variant, stripe, point)
    assert_expired(stripe, variant, orders=kills)


def test_without_the_stored_key_a_death_refunds_twice(variant, stripe, monkeypatch):  # noqa: F811
    """The control. Lifted: the key that is stored before the provider is asked; no constraint replaces it."""
    asked = sending._asked

    def ask_by_a_new_key(gateway, refund):
        refund.idempotency_key = secrets.token_hex(8)
        return asked(gateway, refund)

    monkeypatch.setattr(sending, "_asked", ask_by_a_new_key)
    kill_while_refunding(variant, stripe, "payments.send_refund.after_call")
    assert [row["amount"] for row in stripe.control.objects("refund")] == [2250, 2250]


def test_without_the_stored_key_a_death_leaves_two_pages_to_pay_on(variant, stripe, monkeypatch):  # noqa: F811
    """The control. Lifted: the stored key of the attempt; the one open attempt per order is still one row."""
    create = sessions.create
    monkeypatch.setattr(sessions, "create", lambda request, *, key: create(request, key=secrets.token_hex(8)))
    journey = StripeJourney(variant, stripe)
    kill(journey.placed, "payments.stripe.session_made")
    in_process(journey.placed)
    assert [row["status"] for row in stripe.control.objects("checkout.session")] == ["open", "open"]
    assert Payment.unscoped.count() == 1
