"""Six events of one payment, in every order and five times each, end in one and the same state.

Stripe promises neither order nor once. In one mode every question finds the payment as it is at the end; in the other
it finds it as it was when the event was made, so that old answers arrive after newer ones.
"""

import copy
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from threading import Barrier

import pytest
from django.db import IntegrityError, connections

from apps.catalog.models import Stock
from apps.catalog.tests.factories import make_variant
from apps.core.invariants import audit
from apps.notifications.models import Message
from apps.orders.extensions import payment_methods
from apps.orders.models import Order, OrderEvent
from apps.orders.tests.factories import make_order
from apps.payments import inbox, services, states
from apps.payments.fake_stripe import cards
from apps.payments.models import Dispute, Invoice, Payment, Refund, WebhookEvent
from tests.support.stripe import post, stripe_shop, unfinished, work, work_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ALL = list(permutations(range(6)))


class History:
    """One payment of an order: asked for, refused, delayed, received, partly refunded, disputed."""

    def __init__(self, stripe, variant):
        stripe.control.reset()
        self.stripe = stripe
        self.order = make_order(lines={variant: 2}, payment_method="stripe")
        payment_methods()["stripe"].start(self.order)
        self.payment = Payment.unscoped.get(order=self.order)
        self.events, self.stages = [], []
        self._live()

    def _live(self):
        """The buyer fails the bank's question, then debits an account, which takes days; the rest is the dashboard."""
        control, session = self.stripe.control, self.payment.session_ref
        control.pay(session, card=cards.AUTHENTICATE)
        self._keep("payment_intent.created")
        control.authenticate(session, success=False)
        self._keep("payment_intent.payment_failed")
        intent = control.pay(session, card=cards.DELAYED)["id"]
        self._keep("payment_intent.processing")
        control.settle(session)
        self._keep("payment_intent.succeeded")
        control.refund(intent, amount=700)
        self._keep("charge.refunded")
        control.dispute(intent)
        self._keep("charge.dispute.created")

    def _keep(self, kind):
        event = self.stripe.control.events(kind)[-1]["id"]
        self.events.append(self.stripe.control.signed(event))
        account = self.stripe.account
        self.stages.append(copy.deepcopy((account.rows, account._by_kind)))

    def show(self, stage):
        """From now on Stripe answers as it did then."""
        account = self.stripe.account
        with account.lock:
            account.rows, account._by_kind = self.stages[stage]


def at_once(act, hands):
    barrier = Barrier(hands)

    def run(_):
        barrier.wait()
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(hands) as pool:
        return list(pool.map(run, range(hands)))


def deliver(history, order, *, staged, chance, copies):
    """Each event so often, the first times in this order; one of them by all hands at the same moment."""
    history.show(5)
    crowded = chance.choice(order)
    for number in order:
        if staged:
            history.show(number)
        if number == crowded:
            assert set(at_once(lambda number=number: post(*history.events[number]), copies)) == {200}
        else:
            assert post(*history.events[number]) == 200
        work_once(only="apps.payments.tasks.apply_provider_event")
    repeats = [number for number in order for _ in range(copies - 1) if number != crowded]
    chance.shuffle(repeats)
    assert {post(*history.events[number]) for number in repeats} == {200}
    repeat_an_application(chance)


def repeat_an_application(chance):
    event_id = chance.choice(list(WebhookEvent.objects.order_by("-pk").values_list("pk", flat=True)[:6]))
    at_once(lambda: services.apply_event(event_id=event_id), 2)


def outcome(history):
    """Everything that must not depend on the order, and nothing that is a matter of chance."""
    order = Order.unscoped.get(pk=history.order.pk)
    payments = Payment.unscoped.filter(order=order)
    kinds = OrderEvent.unscoped.filter(order=order).values_list("kind", flat=True)
    return {
        "order": (order.status, order.payment_state, order.refund_state, order.closure, order.attention),
        "payments": list(payments.values_list("state", "captured", "refunded", "applied")),
        "refunds": list(Refund.unscoped.filter(order=order).values_list("amount", "state", "origin", "for_order")),
        "disputes": list(Dispute.unscoped.filter(payment__order=order).values_list("amount", "state")),
        "messages": Counter(Message.objects.filter(recipient=order.email).values_list("kind", flat=True)),
        "documents": list(Invoice.unscoped.filter(order=order).order_by("pk").values_list("kind", "total")),
        # That the money was under way is told or overtaken.
        "timeline": Counter(kinds) - Counter({"payment_pending": 1}),
    }


def outcomes_of(orders, *, seed, copies):
    """By what it came to: the orders of events that ended so, each with whether old answers were given."""
    chance, found = random.Random(seed), {}
    with stripe_shop() as stripe:
        variant = make_variant(price=1999, on_hand=4 * len(orders))
        for number, order in enumerate(orders):
            Message.objects.all().delete()
            history = History(stripe, variant)
            deliver(history, order, staged=bool(number % 2), chance=chance, copies=copies)
            work(only="apps.payments")
            found.setdefault(repr(outcome(history)), []).append((number % 2, order))
    return found


def converge(orders, *, seed, copies=5):
    found = outcomes_of(orders, seed=seed, copies=copies)
    assert len(found) == 1, found
    assert WebhookEvent.objects.count() == 6 * len(orders)
    assert Stock.objects.get().reserved == 2 * len(orders)
    assert unfinished() == []
    assert audit() == []
    return next(iter(found))


def test_many_orders_of_six_events_converge():
    end = converge(random.Random(720).sample(ALL, 10), seed=1, copies=3)
    assert "'partially_refunded', 'paid', 'partial', 'none'" in end
    assert "[('succeeded', 4488, 700, True)]" in end
    assert "[(700, 'succeeded', 'outside', True)]" in end
    assert "[(3788, 'open')]" in end
    assert "[('invoice', 4488), ('credit_note', 700)]" in end


def test_without_the_table_of_moves_an_old_answer_takes_a_payment_back(monkeypatch):
    """The control. Lifted: the compare-and-set of `payments.states.move`; no constraint of the database replaces it."""

    def move(payment, to, **columns):
        return bool(Payment.unscoped.filter(pk=payment.pk).update(state=to, **columns))

    monkeypatch.setattr(states, "move", move)
    found = outcomes_of([(0, 1, 2, 3, 4, 5), (5, 4, 3, 2, 1, 0)], seed=1, copies=2)
    assert len(found) > 1


def test_without_the_look_an_event_delivered_twice_is_refused_by_the_database(monkeypatch):
    """The control. Lifted: `get_or_create` of the inbox; `payments_event_once` refuses the second row."""
    monkeypatch.setattr(WebhookEvent.objects, "get_or_create", lambda defaults, **by: _written(**by, **defaults))
    inbox.receive_event(provider="stripe", event_id="evt_1", kind="charge.refunded", payload={})
    with pytest.raises(IntegrityError):
        inbox.receive_event(provider="stripe", event_id="evt_1", kind="charge.refunded", payload={})
    assert WebhookEvent.objects.count() == 1


def _written(**columns):
    return WebhookEvent.objects.create(**columns), True


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2))
def test_all_720_orders_of_six_events_converge(seed):
    """Twice, so that each order is met by old and by final answers."""
    converge(ALL[seed:] + ALL[:seed], seed=seed)
