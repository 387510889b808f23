"""What each fact leaves in the timeline of an order: its data, its words, who did it, and whether the buyer sees it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.orders import services
from apps.orders.models import Order, OrderEvent
from apps.orders.services import closing, lifecycle, returns
from apps.orders.tests.factories import make_order
from apps.orders.tests.providers import PaperMethod, registered
from apps.users.tests.factories import make_user

pytestmark = pytest.mark.django_db

PAID = {"payment_ref": "p-1", "amount": 4488, "currency": "EUR"}


@pytest.fixture
def clerk():
    return make_user(email="clerk@example.com", is_staff=True)


@pytest.fixture
def order():
    """Still to be paid."""
    return make_order()


def pay(order, **changes):
    return services.record_payment(order_id=order.pk, **{**PAID, "amount": order.total, **changes})


def last(order, count=1):
    """The newest events, oldest first."""
    newest = OrderEvent.unscoped.filter(order=order).order_by("-pk")[:count]
    return [(each.kind, each.data, each.text, each.actor, each.public) for each in reversed(newest)]


def attention(order):
    return Order.unscoped.get(pk=order.pk).attention


def test_money_that_pays_says_how_much_and_by_which_payment(order):
    pay(order)

    assert last(order) == [("paid", {**PAID, "amount": order.total}, "", None, True)]


@pytest.mark.parametrize(
    ("paid_before", "change", "reason"),
    [
        (True, {"payment_ref": "p-2"}, "The order was paid twice."),
        (False, {"amount": 1}, "A payment arrived with another amount or currency than the order's total."),
        (False, {"currency": "USD"}, "A payment arrived with another amount or currency than the order's total."),
    ],
)
def test_money_that_does_not_pay_asks_for_a_person_and_only_staff_see_it(order, paid_before, change, reason):
    if paid_before:
        pay(order)

    pay(order, **change)

    assert last(order) == [("attention", {**PAID, "amount": order.total, **change}, reason, None, False)]
    assert attention(order) == reason


def test_money_for_a_cancelled_order_asks_for_a_person(order, clerk):
    with registered(methods=[PaperMethod()]):
        services.cancel_order(order_id=order.pk, restock=False, actor=clerk, reason="Changed their mind")

    pay(order)

    reason = "Money arrived after the order was closed."
    assert last(order, 2) == [
        ("cancelled", {"restock": False}, "Changed their mind", clerk, True),
        ("attention", {**PAID, "amount": order.total}, reason, None, False),
    ]


def test_an_order_is_cancelled_without_a_word_where_none_is_given(order):
    with registered(methods=[PaperMethod()]):
        services.cancel_order(order_id=order.pk, restock=True, actor=None)

    assert last(order) == [("cancelled", {"restock": True}, "", None, True)]


def test_an_order_that_was_paid_late_was_ended_and_opened_again(order):
    Order.unscoped.filter(pk=order.pk).update(hold_expires_at=timezone.now() - timedelta(seconds=1))
    with registered(methods=[PaperMethod()]):
        assert closing.sweep() == 1

    pay(order)

    assert last(order, 3) == [
        ("expired", {}, "", None, True),
        ("reopened", {}, "", None, True),
        ("paid", {**PAID, "amount": order.total}, "", None, True),
    ]


def test_an_attempt_is_noted_as_it_goes(order):
    services.record_payment_pending(order_id=order.pk, payment_ref="p-1")
    services.record_payment_pending(order_id=order.pk, payment_ref="p-1")
    services.record_payment_failure(order_id=order.pk, payment_ref="p-1")
    services.record_payment_failure(order_id=order.pk, payment_ref="p-1")
    services.record_payment_pending(order_id=order.pk, payment_ref="p-1")

    assert last(order, 9)[1:] == [
        ("payment_pending", {"payment_ref": "p-1"}, "", None, True),
        ("payment_failed", {"payment_ref": "p-1"}, "", None, True),
    ]


def test_each_step_of_the_goods_says_who_took_it(order, clerk):
    pay(order)
    for to, data in (("packed", None), ("shipped", {"carrier": "Post"}), ("delivered", None)):
        services.record_fulfilment(order_id=order.pk, to=to, actor=clerk, data=data)

    assert last(order, 3) == [
        ("packed", {}, "", clerk, True),
        ("shipped", {"carrier": "Post"}, "", clerk, True),
        ("delivered", {}, "", clerk, True),
    ]


def test_a_dispute_is_for_staff_alone_and_may_ask_for_a_person(order):
    pay(order)
    data = {"dispute_ref": "d-1", "amount": 500, "currency": "EUR", "state": "open"}

    returns.record_dispute(order_id=order.pk, dispute_ref="d-1", amount=500, state="open", attention=returns.DISPUTED)
    returns.record_dispute(order_id=order.pk, dispute_ref="d-1", amount=500, state="won")

    assert last(order, 3) == [
        ("disputed", data, "", None, False),
        ("attention", data, "The customer's bank disputes the payment.", None, False),
        ("disputed", {**data, "state": "won"}, "", None, False),
    ]


def test_a_person_is_asked_once_for_the_same_reason_and_says_when_it_is_settled(order, clerk):
    for _ in range(2):
        returns.ask_for_refund(order_id=order.pk)
    for _ in range(2):
        lifecycle.settle_attention(order_id=order.pk, actor=clerk)

    reason = "The order was cancelled after it was paid: refund the payment."
    assert last(order, 9)[1:] == [
        ("attention", {}, reason, None, False),
        ("note", {"settled": True}, reason, clerk, False),
    ]
    assert attention(order) == ""


def test_a_note_is_for_staff_unless_it_is_said_to_be_for_all(order, clerk):
    services.add_note(order_id=order.pk, text="Call first", actor=clerk)
    services.add_note(order_id=order.pk, text="We call you", actor=clerk, public=True)

    assert last(order, 2) == [
        ("note", {}, "Call first", clerk, False),
        ("note", {}, "We call you", clerk, True),
    ]


def test_every_event_is_a_new_version(order):
    pay(order)
    services.add_note(order_id=order.pk, text="x", actor=None)

    assert Order.unscoped.get(pk=order.pk).version == order.version + 2
