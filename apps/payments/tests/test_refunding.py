"""Refunds by staff and by rule, against the test bank: rows first, money by a job, goods as was decided."""

import pytest

from apps.catalog.models import Stock, StockMovement
from apps.catalog.tests.factories import make_variant
from apps.core.invariants import audit
from apps.core.money import Money
from apps.jobs.models import Job
from apps.notifications.models import Message
from apps.orders import services as orders
from apps.orders.errors import NothingToSend
from apps.orders.extensions import Rate
from apps.orders.models import Order, OrderEvent
from apps.orders.services.lifecycle import REFUND_DUE, REFUND_FAILED
from apps.orders.tests.providers import registered
from apps.payments.models import Dispute, Payment, Refund, RefundLine, SandboxTransaction
from apps.payments.services import refunds
from apps.payments.tests.refunded_orders import make_paid_order, refund, work
from apps.pricing.refunding import MoreThanLeft, NothingToRefund, Selection, TooManyPieces
from apps.users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def paid(kept_rows):
    return make_paid_order().pk


@pytest.fixture
def order(paid):
    return Order.unscoped.get(pk=paid)


@pytest.fixture
def line(order):
    return order.lines.get()


def payment_of(order):
    return Payment.unscoped.get(order=order, applied=True)


def stock():
    return Stock.objects.values_list("on_hand", "reserved").get()


def kinds(order):
    return list(order.events.values_list("kind", flat=True))


def everything(order):
    """What a refusal must leave as it is."""
    return (
        Refund.unscoped.count(),
        RefundLine.unscoped.count(),
        Job.objects.count(),
        OrderEvent.unscoped.count(),
        payment_of(order).refunded,
        list(order.lines.values_list("released", flat=True)),
        stock(),
        Order.unscoped.values_list("version", "status", "attention").get(pk=order.pk),
    )


def test_the_order_of_these_tests_cost_what_they_say(order):
    assert (order.total, order.status, stock()) == (4488, "paid", (10, 2))


def test_a_refund_is_written_with_all_it_changes_before_the_bank_is_asked(order, line):
    clerk = User.objects.create_user("clerk@example.com")
    made = refund(order, pieces={line: 1}, shipping=490, extra=100, restock=[line], actor=clerk, note="Chipped")
    assert (made.state, made.origin, made.reason, made.note) == ("pending", "staff", "goodwill", "Chipped")
    assert (made.amount, made.goods_amount, made.shipping_amount, made.extra_amount) == (2589, 1999, 490, 100)
    assert (made.currency, made.for_order, made.actor) == ("EUR", True, clerk)
    assert list(made.lines.values_list("order_line", "quantity", "released", "restocked", "amount")) == [
        (line.pk, 1, 1, True, 1999)
    ]
    assert payment_of(order).refunded == 2589
    assert stock() == (10, 1)
    assert kinds(order)[-1] == "refund_started"
    job = Job.objects.get()
    assert job.task_path.endswith("tasks.send_refund")
    assert SandboxTransaction.objects.get(description=order.number).refunds == {}


def test_the_job_sends_it_and_tells_order_and_customer(order, line):
    made = refund(order, pieces={line: 1}, restock=[line])
    work()
    made.refresh_from_db()
    order.refresh_from_db()
    assert (made.state, made.provider_ref) == ("succeeded", f"sandbox-{made.ref}")
    assert made.settled_at is not None
    assert SandboxTransaction.objects.get(description=order.number).refunds == {made.idempotency_key: 1999}
    assert (order.refund_state, order.status) == ("partial", "partially_refunded")
    assert kinds(order)[-2:] == ["refund_started", "refunded"]
    message = Message.objects.get(kind="payment.refunded")
    assert message.subject == f"We refunded €19.99 of order {order.number}"
    assert (message.recipient, message.language) == ("ada@example.com", "en")
    assert audit() == []


def test_sending_twice_refunds_once(order, line):
    made = refund(order, pieces={line: 1})
    refunds.send_refund(refund_id=made.pk)
    refunds.send_refund(refund_id=made.pk)
    assert kinds(order).count("refunded") == 1
    assert Message.objects.filter(kind="payment.refunded").count() == 1


def test_the_same_press_of_a_button_is_one_refund(order, line):
    first = refund(order, pieces={line: 1}, token="press")
    second = refund(order, pieces={line: 1}, token="press")
    assert first == second
    assert (Refund.unscoped.count(), Job.objects.count(), payment_of(order).refunded) == (1, 1, 1999)


def test_several_refunds_come_to_what_was_paid(order, line):
    refund(order, pieces={line: 1})
    refund(order, extra=999)
    refund(order, pieces={line: 1}, shipping=292)
    work()
    left = refunds.order_parts(order)
    assert [part.left for part in left] == [0, 1]
    refunds.refund_rest(order_id=order.pk, reason=Refund.Reason.OTHER)
    work()
    order.refresh_from_db()
    assert (payment_of(order).refunded, order.status, order.refund_state) == (4488, "refunded", "full")
    assert sum(Refund.unscoped.values_list("tax", flat=True)) == order.tax_total
    assert audit() == []


@pytest.mark.parametrize(
    ("selection", "refusal"),
    [
        (Selection(), NothingToRefund),
        (Selection(extra=4489), MoreThanLeft),
        (Selection(pieces={"line": 3}), TooManyPieces),
    ],
)
def test_what_is_refused_changes_nothing(order, line, selection, refusal):
    pieces = {str(line.pk): count for count in selection.pieces.values()}
    before = everything(order)
    with pytest.raises(refusal):
        refunds.refund_order(
            order_id=order.pk,
            selection=Selection(pieces, selection.shipping, selection.extra),
            reason="other",
            token="t",
            actor=None,
        )
    assert everything(order) == before


def test_an_unpaid_order_has_nothing_to_refund(order):
    Payment.unscoped.update(applied=False)
    with pytest.raises(refunds.NotPaid, match="Nothing was paid"):
        refund(order, extra=1)
    assert Refund.unscoped.count() == 0


def test_a_disputed_payment_is_not_refunded(order):
    Dispute.unscoped.create(payment=payment_of(order), provider_ref="dp_1", amount=4488, currency="EUR")
    before = everything(order)
    with pytest.raises(refunds.PaymentDisputed, match="Wait for its decision"):
        refund(order, extra=1)
    assert everything(order) == before


def test_what_is_refunded_already_can_not_be_refunded_again(order, line):
    refund(order, pieces={line: 2}, shipping=490)
    before = everything(order)
    with pytest.raises(MoreThanLeft, match=r"Only €0\.00 of this order is left"):
        refund(order, extra=1)
    assert everything(order) == before


def test_no_more_goes_back_than_the_payment_still_holds(order, line):
    """Of the order all is left, of its payment all but a cent has gone back: the provider's books come first."""
    Payment.unscoped.filter(order=order).update(refunded=4487)
    before = everything(order)
    with pytest.raises(refunds.NotRefundable):
        refund(order, pieces={line: 1})
    assert everything(order) == before


def test_a_preview_says_the_figures_and_writes_nothing(order, line):
    before = everything(order)
    quote = refunds.preview_refund(order=order, selection=Selection(pieces={str(line.pk): 2}))
    assert (quote.total.amount, quote.tax.amount, quote.left.amount) == (3998, 638, 490)
    assert everything(order) == before


class TestGoods:
    def test_pieces_not_shipped_are_written_off_unless_they_can_be_sold(self, order, line):
        refund(order, pieces={line: 1})
        assert stock() == (9, 1)
        assert StockMovement.objects.filter(reason="loss").values_list("delta", "order_ref").get() == (-1, order.ref)

    def test_the_rest_of_an_order_is_shipped(self, order, line):
        refund(order, pieces={line: 1}, restock=[line])
        work()
        assert Order.unscoped.to_ship().get() == order
        orders.record_fulfilment(order_id=order.pk, to="shipped", actor=None)
        assert stock() == (9, 0)
        assert audit() == []

    def test_an_order_without_pieces_left_can_not_be_sent(self, order, line):
        refund(order, pieces={line: 2}, restock=[line])
        assert not Order.unscoped.to_ship().exists()
        with pytest.raises(NothingToSend):
            orders.record_fulfilment(order_id=order.pk, to="shipped", actor=None)
        refund(order, shipping=490)
        work()
        order.refresh_from_db()
        assert (order.status, order.fulfilment_state, stock()) == ("refunded", "unfulfilled", (10, 0))
        assert audit() == []

    @pytest.mark.parametrize(("restock", "on_hand"), [(True, 9), (False, 8)])
    def test_shipped_pieces_come_back_to_the_shelf_or_not(self, order, line, restock, on_hand):
        orders.record_fulfilment(order_id=order.pk, to="shipped", actor=None)
        made = refund(order, pieces={line: 1}, restock=[line] if restock else [])
        assert stock() == (on_hand, 0)
        assert made.lines.get().released == 0
        returned = list(StockMovement.objects.filter(reason="return").values_list("delta", "order_ref"))
        assert returned == ([(1, order.ref)] if restock else [])

    def test_pieces_that_never_left_do_not_come_back(self, order, line):
        refund(order, pieces={line: 1}, restock=[line])
        orders.record_fulfilment(order_id=order.pk, to="shipped", actor=None)
        refund(order, pieces={line: 1}, restock=[line])
        assert stock() == (10, 0)
        assert sorted(StockMovement.objects.filter(order_ref=order.ref).values_list("delta", flat=True)) == [-1, 1]
        work()
        assert audit() == []

    def test_two_lines_move_each_their_own_stock(self):
        mug, lamp = make_variant(price=1000), make_variant(price=5000)
        order = make_paid_order(lines={mug: 2, lamp: 1})
        first, second = order.lines.all()
        refund(order, pieces={first: 2, second: 1}, restock=[second])
        assert Stock.objects.values_list("on_hand", "reserved").get(variant=mug) == (8, 0)
        assert Stock.objects.values_list("on_hand", "reserved").get(variant=lamp) == (10, 0)


class TestCancelling:
    def test_a_paid_order_gets_all_its_money_back_with_its_cancellation(self, order, line):
        boss = User.objects.create_user("boss@example.com")
        orders.cancel_order(order_id=order.pk, restock=True, actor=boss)
        made = Refund.unscoped.get()
        assert (made.amount, made.reason, made.origin, made.actor) == (4488, "cancelled", "rule", boss)
        assert list(made.lines.values_list("quantity", "released")) == [(2, 0)]
        assert (payment_of(order).refunded, stock()) == (4488, (10, 0))
        work()
        order.refresh_from_db()
        assert (order.status, order.refund_state, order.attention) == ("cancelled", "full", "")
        assert audit() == []

    def test_only_what_is_left_goes_back(self, order, line):
        refund(order, pieces={line: 1}, restock=[line])
        orders.cancel_order(order_id=order.pk, restock=True, actor=None)
        assert list(Refund.unscoped.order_by("pk").values_list("amount", flat=True)) == [1999, 2489]
        assert stock() == (10, 0)
        work()
        assert audit() == []

    def test_nothing_goes_back_twice(self, order, line):
        refund(order, pieces={line: 2}, shipping=490, restock=[line])
        orders.cancel_order(order_id=order.pk, restock=True, actor=None)
        order.refresh_from_db()
        assert (Refund.unscoped.count(), order.attention) == (1, "")

    def test_a_disputed_order_is_left_to_a_person(self, order):
        Dispute.unscoped.create(payment=payment_of(order), provider_ref="dp_1", amount=4488, currency="EUR")
        orders.cancel_order(order_id=order.pk, restock=True, actor=None)
        order.refresh_from_db()
        assert (order.status, order.attention, Refund.unscoped.count()) == ("cancelled", REFUND_DUE, 0)

    def test_an_order_paid_outside_our_books_is_left_to_a_person(self, order):
        Payment.unscoped.update(applied=False)
        orders.cancel_order(order_id=order.pk, restock=True, actor=None)
        order.refresh_from_db()
        assert (order.attention, Refund.unscoped.count()) == (REFUND_DUE, 0)

    def test_a_refund_of_a_cancelled_order_moves_no_goods(self, order, line):
        Payment.unscoped.update(applied=False)
        orders.cancel_order(order_id=order.pk, restock=True, actor=None)
        Payment.unscoped.update(applied=True)
        made = refund(order, pieces={line: 2}, shipping=490, restock=[line])
        assert (made.amount, made.lines.get().released, stock()) == (4488, 0, (10, 0))


class TestFailing:
    @pytest.fixture
    def failed(self, order, line):
        SandboxTransaction.objects.update(outcome="declined")
        made = refund(order, pieces={line: 1}, restock=[line])
        work()
        made.refresh_from_db()
        SandboxTransaction.objects.update(outcome="succeeded")
        return made

    def test_a_refused_refund_is_not_counted_and_asks_for_a_person(self, order, failed):
        order.refresh_from_db()
        assert (failed.state, failed.failure) == ("failed", "The test bank has not taken that much.")
        assert (payment_of(order).refunded, order.status, order.attention) == (0, "paid", REFUND_FAILED)
        assert kinds(order)[-3:] == ["refund_started", "refund_failed", "attention"]
        assert not Message.objects.filter(kind="payment.refunded").exists()
        assert audit() == []

    def test_it_can_be_tried_again_without_moving_the_goods_again(self, order, line, failed):
        again = refunds.retry_refund(refund_id=failed.pk, actor=None)
        assert (again.amount, again.idempotency_key) == (1999, f"retry-{failed.ref}")
        assert (again.lines.get().quantity, again.lines.get().released, stock()) == (1, 0, (10, 1))
        work()
        again.refresh_from_db()
        assert (again.state, payment_of(order).refunded) == ("succeeded", 1999)
        assert audit() == []

    def test_it_is_tried_again_once(self, failed):
        refunds.retry_refund(refund_id=failed.pk, actor=None)
        with pytest.raises(refunds.AlreadyTried):
            refunds.retry_refund(refund_id=failed.pk, actor=None)
        assert Refund.unscoped.count() == 2

    def test_another_refund_of_the_same_pieces_releases_none_twice(self, order, line, failed):
        refund(order, pieces={line: 2}, restock=[line])
        line.refresh_from_db()
        assert (line.released, stock()) == (2, (10, 0))
        work()
        assert audit() == []

    def test_another_refund_of_shipped_pieces_brings_none_back_twice(self, order, line):
        orders.record_fulfilment(order_id=order.pk, to="shipped", actor=None)
        SandboxTransaction.objects.update(outcome="declined")
        refund(order, pieces={line: 1}, restock=[line])
        work()
        assert (Refund.unscoped.get().state, stock()) == ("failed", (9, 0))
        SandboxTransaction.objects.update(outcome="succeeded")
        refund(order, pieces={line: 2}, restock=[line])
        assert stock() == (10, 0)

    def test_what_did_not_fail_can_not_be_tried_again(self, order, line):
        made = refund(order, pieces={line: 1})
        before = everything(order)
        with pytest.raises(refunds.RefundNotFailed):
            refunds.retry_refund(refund_id=made.pk, actor=None)
        assert everything(order) == before

    def test_money_that_is_gone_meanwhile_is_not_refunded_again(self, order, line, failed):
        refund(order, pieces={line: 2}, shipping=490)
        before = everything(order)
        with pytest.raises(MoreThanLeft):
            refunds.retry_refund(refund_id=failed.pk, actor=None)
        assert everything(order) == before


class TestMoneyThatNeverPaid:
    @pytest.fixture
    def late(self, order):
        """A second payment of a paid order."""
        Payment.unscoped.filter(order=order).update(applied=False, captured=0, refunded=0)
        return payment_of_late(order)

    def test_it_goes_back_in_full(self, late):
        made = refunds.give_back(payment_id=late.pk, reason=Refund.Reason.PAID_TWICE)
        assert (made.amount, made.extra_amount, made.for_order, made.origin) == (4488, 4488, False, "rule")
        assert kinds(late.order)[-1] == "refund_started"
        work()
        order = Order.unscoped.get(pk=late.order_id)
        assert (order.refund_state, order.status) == ("none", "paid")
        message = Message.objects.get(kind="payment.refunded")
        assert "This order was paid twice, so the second payment goes back to you." in message.text

    def test_it_goes_back_once(self, late):
        refunds.give_back(payment_id=late.pk, reason=Refund.Reason.PAID_TWICE)
        assert refunds.give_back(payment_id=late.pk, reason=Refund.Reason.PAID_TWICE) is None
        assert Refund.unscoped.count() == 1

    def test_the_money_of_an_order_is_not_given_back_this_way(self, order):
        with pytest.raises(refunds.NotRefundable):
            refunds.give_back(payment_id=payment_of(order).pk, reason=Refund.Reason.OTHER)
        assert Refund.unscoped.count() == 0

    def test_a_failed_one_can_be_tried_again(self, late):
        made = refunds.give_back(payment_id=late.pk, reason=Refund.Reason.TOO_LATE)
        SandboxTransaction.objects.update(outcome="declined")
        work()
        SandboxTransaction.objects.update(outcome="succeeded")
        again = refunds.retry_refund(refund_id=made.pk, actor=None)
        work()
        again.refresh_from_db()
        assert (again.state, again.for_order, again.amount) == ("succeeded", False, 4488)


def payment_of_late(order):
    payment = Payment.unscoped.get(order=order)
    Payment.unscoped.filter(pk=payment.pk).update(captured=4488)
    return Payment.unscoped.get(pk=payment.pk)


class LocalRates:
    """Delivery for 490 minor units of whatever the shop sells in."""

    def rates(self, request):
        return [Rate("standard", "Standard", "", Money(490, request.goods.currency), "standard")]


@pytest.mark.parametrize("currency", ["JPY", "KWD"])
def test_currencies_with_no_or_three_decimals_are_refunded_to_the_unit(settings, currency):
    settings.SHOP_CURRENCY = currency
    with registered(rates=[LocalRates()]):
        order = make_paid_order(lines={make_variant(price=1000): 3})
    line = order.lines.get()
    first = refund(order, pieces={line: 1}, extra=100)
    second = refund(order, pieces={line: 2})
    rest = refunds.refund_rest(order_id=order.pk, reason=Refund.Reason.OTHER)
    assert [row.amount for row in (first, second, rest)] == [1100, 1920, 470]
    assert {row.currency for row in (first, second, rest)} == {currency}
    assert payment_of(order).refunded == order.total == 3490


def test_prices_without_tax_are_refunded_with_their_tax(settings):
    settings.PRICES_INCLUDE_TAX = False
    order = make_paid_order(lines={make_variant(price=1000): 3})
    line = order.lines.get()
    assert (order.total, order.tax_added) == (4153, 663)
    made = [refund(order, pieces={line: 1}) for _ in range(3)]
    assert [(row.amount, row.tax) for row in made] == [(1190, 190), (1190, 190), (1190, 190)]
    rest = refunds.refund_rest(order_id=order.pk, reason=Refund.Reason.OTHER)
    assert (rest.amount, rest.shipping_amount, rest.tax) == (583, 583, 93)
