"""What the buyer sees of refunds: on the page of the order, and in the mail."""

import re

import pytest
from django.test import Client
from django.utils import translation

from apps.core.ownership import Owner
from apps.notifications.models import Message
from apps.orders.models import Order
from apps.payments.models import Payment, Refund
from apps.payments.services import refunds
from apps.payments.tests.refunded_orders import make_paid_order, refund, work
from apps.users.tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]


@pytest.fixture(scope="module")
def paid(kept_rows):
    return make_paid_order(owner=Owner(user_id=make_user(email="buyer@example.com").pk)).pk


@pytest.fixture
def order(paid):
    return Order.unscoped.select_related("user").get(pk=paid)


@pytest.fixture
def buyer(order):
    return order.user


def page(person, order):
    client = Client()
    if person:
        client.force_login(person)
    return client.get(order.get_absolute_url())


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_an_order_without_refunds_says_nothing_of_them(buyer, order):
    assert 'id="order-refunds"' not in page(buyer, order).content.decode()


def test_the_owner_sees_each_refund_its_state_and_why(buyer, order):
    line = order.lines.get()
    refund(order, pieces={line: 1}, extra=100)
    assert "On its way to you" in text(page(buyer, order))
    work()
    shown = text(page(buyer, order))
    assert "Sent back to you" in shown
    assert "€39.98 × 1 ÷ 2 = €19.99, rounded down." in shown
    assert "€20.99" in shown


def test_a_failed_refund_is_looked_into(buyer, order):
    refund(order, extra=100)
    Refund.unscoped.update(state="failed", failure="charge_disputed by acct_1")
    shown = text(page(buyer, order))
    assert "Could not be sent yet: we look into it" in shown
    assert "acct_1" not in shown


def test_strangers_and_guests_see_no_order_and_no_refund(order):
    refund(order, extra=100)
    assert page(make_user(email="stranger@example.com"), order).status_code == 404
    assert page(None, order).status_code == 404


def test_the_mail_lists_what_was_refunded(order):
    line = order.lines.get()
    refund(order, pieces={line: 1}, shipping=490, extra=100)
    work()
    message = Message.objects.get(kind="payment.refunded")
    assert message.subject == f"We refunded €25.89 of order {order.number}"
    for words in (f"1 × {line.title}", "€19.99", "Delivery: €4.90", "Extra amount: €1.00", "Refunded: €25.89"):
        assert words in message.text
    assert "€25.89" in message.html


def test_the_mail_speaks_the_language_of_the_order(order):
    Order.unscoped.update(language="de")
    refund(order, extra=100)
    with translation.override("en"):
        work()
    message = Message.objects.get(kind="payment.refunded")
    assert message.language == "de"
    assert "1,00\xa0€" in message.text


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("too_late", "Your payment came after the order was closed"),
        ("twice", "This order was paid twice"),
        ("wrong_amount", "The payment was not the order's total"),
    ],
)
def test_money_that_did_not_pay_the_order_is_told_why_it_goes_back(order, reason, words):
    Payment.unscoped.update(applied=False)
    refunds.give_back(payment_id=Payment.unscoped.get().pk, reason=reason)
    work()
    message = Message.objects.get(kind="payment.refunded")
    assert words in message.text
    assert words in message.html.replace("&#x27;", "'")


def test_money_of_another_currency_goes_back_in_it(order):
    Payment.unscoped.update(applied=False, currency="USD")
    refunds.give_back(payment_id=Payment.unscoped.get().pk, reason="wrong_amount")
    work()
    events = order.events.filter(kind__in=["refund_started", "refunded"])
    assert [event.data["currency"] for event in events] == ["USD", "USD"]
    assert "$44.88" in Message.objects.get(kind="payment.refunded").subject
