"""What the provider says of refunds and disputes, in any order and as often as it likes, ends in one state."""

from itertools import permutations

import pytest
from django.db import transaction

from apps.catalog.models import Stock
from apps.core.invariants import audit
from apps.core.money import Money
from apps.jobs.models import Job
from apps.notifications.models import Message
from apps.orders import services as orders
from apps.orders.models import Order, OrderEvent
from apps.orders.services.lifecycle import REFUND_FAILED
from apps.payments.gateways import GatewayUnavailable, Settlement, ToldDispute, ToldRefund, _gateways
from apps.payments.models import Dispute, Payment, Refund
from apps.payments.services import folding, refunds
from apps.payments.tests.refunded_orders import make_paid_order, refund, work

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def paid(kept_rows):
    return make_paid_order().pk


@pytest.fixture
def order(paid):
    return Order.unscoped.get(pk=paid)


def euros(amount):
    return Money(amount, "EUR")


def payment_of(order):
    return Payment.unscoped.get(order=order)


def fold(order, *told):
    """Take words in as a job would: in a transaction, under the locks of order and payment."""
    with transaction.atomic():
        Order.unscoped.select_for_update().get(pk=order.pk)
        payment = Payment.unscoped.select_for_update().get(order=order)
        folding.fold_refunds(payment, [word for word in told if isinstance(word, ToldRefund)])
        folding.fold_disputes(payment, [word for word in told if isinstance(word, ToldDispute)])


def outside(amount=1000, state="succeeded", ref="re_1"):
    return ToldRefund(ref, "", euros(amount), Refund.State(state))


def dispute(state, amount=4488):
    return ToldDispute("dp_1", euros(amount), Dispute.State(state), reason="fraudulent")


def fresh(order):
    return Order.unscoped.get(pk=order.pk)


class TestOutsideRefunds:
    def test_one_appears_in_our_books_and_leaves_the_stock_alone(self, order):
        fold(order, outside())
        made = Refund.unscoped.get()
        assert (made.origin, made.state, made.amount, made.extra_amount) == ("outside", "succeeded", 1000, 1000)
        assert made.tax == 159
        assert payment_of(order).refunded == 1000
        assert (fresh(order).status, fresh(order).attention) == ("partially_refunded", orders.REFUNDED_OUTSIDE)
        assert Stock.objects.values_list("on_hand", "reserved").get() == (10, 2)
        assert Message.objects.filter(kind="payment.refunded").count() == 1
        assert audit() == []

    def test_told_again_it_is_the_same(self, order):
        fold(order, outside())
        fold(order, outside())
        assert (Refund.unscoped.count(), payment_of(order).refunded) == (1, 1000)
        assert OrderEvent.unscoped.filter(kind="refunded").count() == 1

    def test_one_that_fails_later_is_taken_back(self, order):
        fold(order, outside())
        fold(order, outside(state="failed"))
        assert Refund.unscoped.get().state == "failed"
        assert (payment_of(order).refunded, fresh(order).refund_state) == (0, "none")
        assert fresh(order).attention == REFUND_FAILED
        assert audit() == []

    def test_foreign_money_that_comes_back_is_told_in_its_currency(self, order):
        fold(order, outside())
        Payment.unscoped.update(currency="USD")
        Refund.unscoped.update(currency="USD")
        fold(order, outside(state="failed"))
        told = order.events.get(kind="refund_failed").data
        assert told == {"refund_ref": Refund.unscoped.get().ref, "amount": 1000, "currency": "USD"}

    def test_one_first_heard_of_as_failed_counts_nothing(self, order):
        fold(order, outside(state="failed"))
        assert (Refund.unscoped.get().state, payment_of(order).refunded) == ("failed", 0)
        assert fresh(order).attention == ""
        assert audit() == []

    def test_one_that_is_on_its_way_counts_and_arrives(self, order):
        fold(order, outside(state="pending"))
        assert (payment_of(order).refunded, fresh(order).refund_state) == (1000, "none")
        fold(order, outside())
        assert (payment_of(order).refunded, fresh(order).refund_state) == (1000, "partial")

    def test_one_that_does_not_fit_waits_for_a_person(self, order):
        fold(order, outside(amount=4489))
        assert (Refund.unscoped.count(), payment_of(order).refunded) == (0, 0)
        assert fresh(order).attention == orders.REFUND_DOES_NOT_FIT

    def test_one_in_another_currency_waits_for_a_person(self, order):
        fold(order, ToldRefund("re_1", "", Money(10, "USD"), Refund.State.SUCCEEDED))
        assert (Refund.unscoped.count(), fresh(order).attention) == (0, orders.REFUND_DOES_NOT_FIT)

    def test_money_that_never_paid_the_order_leaves_its_state_alone(self, order):
        Payment.unscoped.update(applied=False)
        fold(order, outside(amount=4488))
        made = Refund.unscoped.get()
        assert (made.for_order, made.explanation, payment_of(order).refunded) == (False, {}, 4488)
        assert (fresh(order).refund_state, fresh(order).attention) == ("none", "")


class TestOurRefunds:
    def test_the_word_may_come_before_the_answer(self, order):
        made = refund(order, extra=1000)
        fold(order, ToldRefund("re_9", made.ref, euros(1000), Refund.State.SUCCEEDED))
        work()
        made.refresh_from_db()
        assert (made.state, made.provider_ref, Refund.unscoped.count()) == ("succeeded", "re_9", 1)
        assert OrderEvent.unscoped.filter(kind="refunded").count() == 1

    def test_every_order_of_words_ends_the_same(self):
        for words in permutations(["pending", "succeeded", "failed"]):
            order = make_paid_order()
            made = refund(order, extra=1000)
            for word in (*words, *words):
                fold(order, ToldRefund(f"re_{made.pk}", made.ref, euros(1000), Refund.State(word), "expired card"))
            made.refresh_from_db()
            assert (made.state, made.failure, payment_of(order).refunded) == ("failed", "expired card", 0)
            assert fresh(order).refund_state == "none"
            assert order.events.filter(kind="refund_failed").count() == 1

    def test_a_refund_that_was_refused_and_is_there_all_the_same_is_counted(self, order):
        made = refund(order, extra=1000)
        fold(order, ToldRefund("", made.ref, euros(1000), Refund.State.FAILED, "no"))
        fold(order, ToldRefund("re_1", made.ref, euros(1000), Refund.State.SUCCEEDED))
        fold(order, ToldRefund("re_1", made.ref, euros(1000), Refund.State.SUCCEEDED))
        states = list(Refund.unscoped.order_by("pk").values_list("state", "origin"))
        assert states == [("failed", "staff"), ("succeeded", "outside")]
        assert payment_of(order).refunded == 1000


class TestDisputes:
    def test_an_open_one_asks_for_a_person_once(self, order):
        fold(order, dispute("open"))
        fold(order, dispute("open"))
        row = Dispute.unscoped.get()
        assert (row.state, row.reason, row.amount, row.closed_at) == ("open", "fraudulent", 4488, None)
        assert fresh(order).attention == orders.DISPUTED
        event = order.events.get(kind="disputed")
        assert event.data == {"dispute_ref": "dp_1", "amount": 4488, "currency": "EUR", "state": "open"}
        assert payment_of(order).refunded == 0

    def test_a_lost_one_is_money_that_has_gone_back(self, order):
        fold(order, dispute("open"))
        fold(order, dispute("lost"))
        made = Refund.unscoped.get()
        assert (made.origin, made.state, made.amount) == ("dispute", "succeeded", 4488)
        assert (payment_of(order).refunded, fresh(order).refund_state) == (4488, "full")
        assert fresh(order).attention == orders.DISPUTE_LOST
        assert not Message.objects.filter(kind="payment.refunded").exists()
        assert audit() == []

    def test_a_won_one_leaves_the_money(self, order):
        fold(order, dispute("open"))
        fold(order, dispute("won"))
        assert Dispute.unscoped.get().state == "won"
        assert Dispute.unscoped.get().closed_at > order.placed_at
        assert (payment_of(order).refunded, Refund.unscoped.count()) == (0, 0)
        assert refund(order, extra=1).amount == 1

    def test_what_was_refunded_before_is_not_lost_twice(self, order):
        refund(order, extra=4000)
        work()
        fold(order, dispute("lost"))
        assert list(Refund.unscoped.order_by("pk").values_list("amount", flat=True)) == [4000, 488]
        assert payment_of(order).refunded == 4488
        assert audit() == []

    def test_a_dispute_of_money_that_is_all_back_takes_nothing(self, order):
        refund(order, extra=4488)
        fold(order, dispute("lost"))
        assert (Refund.unscoped.count(), payment_of(order).refunded) == (1, 4488)

    @pytest.mark.parametrize("end", ["won", "lost"])
    def test_every_order_of_words_ends_the_same(self, end):
        for words in permutations(["open", end, end]):
            order = make_paid_order()
            for word in (*words, *words):
                told = ToldDispute(f"dp_{order.pk}", euros(4488), Dispute.State(word))
                fold(order, told)
            assert Dispute.unscoped.get(payment__order=order).state == end
            assert payment_of(order).refunded == (4488 if end == "lost" else 0)
            assert order.events.filter(kind="disputed").count() == 2


class Bank:
    """A provider that answers as the test says."""

    code = "sandbox"

    def __init__(self, *answers, holds=()):
        self.answers, self.holds, self.asked = list(answers), holds, []

    def refund(self, row):
        self.asked.append(row.idempotency_key)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return ToldRefund(answer, row.ref, row.money, Refund.State.SUCCEEDED)

    def settlement(self, payment, *, patient=True):
        return Settlement(Payment.State.SUCCEEDED, payment.money, payment.order.number, refunds=self.holds)


@pytest.fixture
def asks(monkeypatch):
    def _asks(bank):
        monkeypatch.setitem(_gateways, "sandbox", bank)
        return bank

    return _asks


class TestSending:
    def test_a_time_out_is_no_answer_and_is_repeated_with_the_same_key(self, order, asks):
        bank = asks(Bank(GatewayUnavailable(), "re_1"))
        made = refund(order, extra=1000)
        with pytest.raises(GatewayUnavailable):
            refunds.send_refund(refund_id=made.pk)
        made.refresh_from_db()
        assert (made.state, payment_of(order).refunded) == ("pending", 1000)
        refunds.send_refund(refund_id=made.pk)
        made.refresh_from_db()
        assert (made.state, made.provider_ref) == ("succeeded", "re_1")
        assert bank.asked == [made.idempotency_key] * 2

    def test_an_old_one_is_looked_for_before_it_is_asked_again(self, order, asks):
        made = refund(order, extra=1000)
        bank = asks(Bank(holds=(ToldRefund("re_1", made.ref, euros(1000), Refund.State.SUCCEEDED),)))
        Refund.unscoped.update(created_at=made.created_at - refunds.LOOK_FIRST * 2)
        refunds.send_refund(refund_id=made.pk)
        made.refresh_from_db()
        assert (made.state, bank.asked) == ("succeeded", [])

    def test_an_old_one_that_is_not_there_is_asked(self, order, asks):
        made = refund(order, extra=1000)
        bank = asks(Bank("re_2", holds=(outside(),)))
        Refund.unscoped.update(created_at=made.created_at - refunds.LOOK_FIRST * 2)
        refunds.send_refund(refund_id=made.pk)
        made.refresh_from_db()
        assert (made.provider_ref, bank.asked) == ("re_2", [made.idempotency_key])

    def test_only_those_without_an_answer_are_sent_again(self, order):
        old, answered = refund(order, extra=1), refund(order, extra=2)
        refunds.send_refund(refund_id=answered.pk)
        refund(order, extra=3)
        Refund.unscoped.filter(pk__in=[old.pk, answered.pk]).update(created_at=old.created_at - refunds.LOOK_FIRST)
        before = Job.objects.count()
        assert refunds.resend_refunds(older_than=refunds.LOOK_FIRST / 2) == 1
        assert Job.objects.count() == before + 1
