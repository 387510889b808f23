"""The buyer comes back from the payment page at the very moment in which the webhook tells: one transition, one mail.

The short version lets them meet five times; `make races` five hundred times per database.
"""

import secrets
import time
from collections import Counter

import pytest
from django.conf import settings
from django.test import Client

from apps.catalog.tests.factories import make_variant
from apps.core.invariants import audit
from apps.core.ownership import Owner, hash_key
from apps.notifications.models import Message
from apps.orders import services
from apps.orders.models import Order, OrderEvent
from apps.orders.services import lifecycle
from apps.orders.tests.factories import make_order
from apps.payments import services as payments
from apps.payments import states
from apps.payments.models import Payment, WebhookEvent
from apps.payments.services.refunds import NotRefundable
from apps.payments.tests.stripe.conftest import deliver
from apps.payments.tests.stripe.shop import work
from tests.volume.hands import Hands

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def paid_page(stripe, variant) -> tuple[Client, Payment, list[str]]:
    """A guest who has just paid on Stripe's page, and the events of it, which nobody has delivered."""
    key = secrets.token_urlsafe(32)
    browser = Client()
    browser.cookies[settings.GUEST_COOKIE_NAME] = key
    order = make_order(owner=Owner(guest_key=hash_key(key)), lines={variant: 1}, payment_method="stripe")
    services.start_payment(order_id=order.pk, payment_method="stripe")
    payment = Payment.unscoped.get(order=order)
    known = {event["id"] for event in stripe.control.events()}
    stripe.control.pay(payment.session_ref)
    return browser, payment, [event["id"] for event in stripe.control.events() if event["id"] not in known]


def meet(stripe, hands, variant) -> None:
    browser, payment, events = paid_page(stripe, variant)

    def come_back():
        return browser.get(f"/payments/stripe/{payment.ref}/return/").status_code

    def tell(event_id):
        assert deliver(*stripe.control.signed(event_id)) == 200
        payments.apply_event(event_id=WebhookEvent.objects.get(event_id=event_id).pk)
        return 200

    told = [events[0], events[-1], events[-1]]
    answers = hands.at_once(come_back, come_back, *[lambda event_id=event_id: tell(event_id) for event_id in told])
    assert answers == [303, 303, 200, 200, 200]
    work()


def assert_one_transition_each(rounds) -> None:
    assert Counter(Order.unscoped.values_list("status", flat=True)) == {"paid": rounds}
    assert OrderEvent.unscoped.filter(kind="paid").count() == rounds
    assert OrderEvent.unscoped.filter(kind="attention").count() == 0
    assert Counter(Payment.unscoped.values_list("state", "applied", "refunded")) == {("succeeded", True, 0): rounds}
    assert Message.objects.filter(kind="order.payment_received").count() == rounds
    assert audit() == []


def test_return_and_webhook_meet_five_times(stripe):
    variant = make_variant(on_hand=5)
    with Hands() as hands:
        for _ in range(5):
            meet(stripe, hands, variant)
    assert_one_transition_each(5)


@pytest.mark.long
def test_return_and_webhook_meet_five_hundred_times(stripe, kind, capsys):
    variant, began = make_variant(on_hand=500), time.monotonic()
    with Hands() as hands:
        for _ in range(500):
            meet(stripe, hands, variant)
    with capsys.disabled():
        print(f" [{kind}: 500 returns against webhooks in {time.monotonic() - began:.0f} s]", end="")
    assert_one_transition_each(500)


def test_control_without_two_guards_a_third_has_to_refuse_the_second_transition(stripe, monkeypatch):
    """Lifted: the compare-and-set of the payment's state and the order's memory of what it was told.

    What is left is that money which pays its order is never given back as if it came twice.
    """

    def move_blindly(payment, to, **columns):
        return bool(Payment.unscoped.filter(pk=payment.pk).update(state=to, **columns))

    monkeypatch.setattr(states, "move", move_blindly)
    monkeypatch.setattr(lifecycle, "_has_event", lambda *args, **kwargs: False)
    variant = make_variant(on_hand=5)
    with Hands() as hands, pytest.raises(NotRefundable):
        meet(stripe, hands, variant)
    assert OrderEvent.unscoped.filter(kind="paid").count() == 1
