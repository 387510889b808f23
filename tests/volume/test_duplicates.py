"""Everything is pressed or delivered five times at once, purchase after purchase: each has one effect.

The short version sends about a hundred duplicates; `make races` ten thousand per database.
"""

import time
from collections import Counter

import pytest

from apps.catalog.models import Stock
from apps.catalog.tests.factories import make_variant
from apps.core.invariants import audit
from apps.notifications.models import Message
from apps.orders import selectors, services
from apps.orders.errors import PriceChanged
from apps.orders.models import Order
from apps.orders.tests.factories import make_cart, make_details, make_order
from apps.orders.tests.providers import FlatRates, registered
from apps.payments import services as payments
from apps.payments.models import Payment, Refund, WebhookEvent
from apps.payments.services import refunds
from apps.payments.tests.stripe.conftest import deliver
from apps.payments.tests.stripe.shop import work
from apps.pricing.errors import DiscountGone
from apps.pricing.models import Discount, Redemption
from apps.pricing.refunding import Selection, TooManyPieces
from apps.pricing.services import activate, save_discount
from tests.volume.hands import HANDS, Hands

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

CODE = "ONCE"
PRICE, PIECES, DELIVERY = 2000, 2, 490
OFF = 400  # ten percent of the goods, by a code that each customer has once
TOTAL = PIECES * PRICE - OFF + DELIVERY
BACK = (PIECES * PRICE - OFF) // PIECES


@pytest.fixture(autouse=True)
def flat_rates():
    with registered(rates=[FlatRates()]):
        yield


def place(hands, variant, number) -> Order:
    """A customer with a cart in every hand and a code that works once: one order, whose form every hand sends."""
    guests = [make_cart(lines={variant: PIECES}) for _ in range(HANDS)]
    for guest in guests:
        services.add_code(owner=guest, text=CODE)
    spellings = [f"buyer{number}{tag}@example.com" for tag in ("", "+a", "+b", "+shop", "+stoa")]

    def pressing(guest, email):
        token = selectors.basket(guest).token
        details = make_details(payment_method="stripe", email=email)

        def press():
            try:
                return services.place_order(owner=guest, token=token, details=details, shown_total=TOTAL).pk
            except (DiscountGone, PriceChanged):
                return None

        return press

    presses = [pressing(guest, email) for guest, email in zip(guests, spellings, strict=True)]
    orders = hands.at_once(*presses)
    (winner,) = [hand for hand, order_id in enumerate(orders) if order_id is not None]
    assert set(hands.at_once(presses[winner])) == {orders[winner]}
    return Order.unscoped.get(pk=orders[winner])


def pay(hands, stripe, order) -> None:
    """Every hand opens the payment page; the card is charged; every hand delivers every event, and does it."""
    pages = hands.at_once(lambda: services.start_payment(order_id=order.pk, payment_method="stripe"))
    assert len(set(pages)) == 1
    known = {event["id"] for event in stripe.control.events()}
    stripe.control.pay(Payment.unscoped.get(order=order).session_ref)
    for event in stripe.control.events():
        if event["id"] in known:
            continue
        body, headers = stripe.control.signed(event["id"])
        assert hands.at_once(lambda body=body, headers=headers: deliver(body, headers)) == [200] * HANDS
        kept = WebhookEvent.objects.get(event_id=event["id"])
        hands.at_once(lambda pk=kept.pk: payments.apply_event(event_id=pk))


def refund(hands, order) -> None:
    """One form for one piece, sent by every hand; then every hand asks the provider."""
    line = order.lines.get()

    def press():
        return refunds.refund_order(
            order_id=order.pk, selection=Selection(pieces={str(line.pk): 1}), reason="goodwill", token="t", actor=None
        ).pk

    (refund_id,) = set(hands.at_once(press))
    hands.at_once(lambda: refunds.send_refund(refund_id=refund_id))


def go_through(stripe, rounds) -> int:
    """So many purchases; returns how often something was pressed or delivered."""
    variant = make_variant(price=PRICE, on_hand=rounds * PIECES * HANDS)
    discount = save_discount(
        discount=Discount(name="Once", code=CODE, kind="percent", value=100_000, per_customer_limit=1)
    )
    activate(discount_id=discount.pk)
    with Hands() as hands:
        for number in range(rounds):
            order = place(hands, variant, number)
            pay(hands, stripe, order)
            refund(hands, order)
            work()
        return hands.presses


def assert_once_each(stripe, rounds) -> None:
    assert Counter(Order.unscoped.values_list("status", flat=True)) == {"partially_refunded": rounds}
    assert Counter(Payment.unscoped.values_list("state", "applied", "captured", "refunded")) == {
        ("succeeded", True, TOTAL, BACK): rounds
    }
    assert Counter(Refund.unscoped.values_list("state", "amount")) == {("succeeded", BACK): rounds}
    charges = stripe.control.audit()
    assert Counter((row["amount_captured"], row["amount_refunded"]) for row in charges) == {(TOTAL, BACK): rounds}
    assert len(stripe.control.objects("refund")) == rounds
    assert stripe.control.double_charges(by="order_ref") == []
    assert WebhookEvent.objects.filter(applied_at__isnull=False).count() == WebhookEvent.objects.count()
    assert all(number == rounds for number in Counter(Message.objects.values_list("kind", flat=True)).values())
    assert Stock.objects.get().reserved == rounds * (PIECES - 1)
    assert list(Discount.objects.values_list("used", flat=True)) == [rounds]
    assert Redemption.objects.filter(freed_at__isnull=True).count() == Redemption.objects.count() == rounds
    assert audit() == []


def test_a_hundred_duplicates_have_one_effect_each(stripe):
    assert go_through(stripe, 2) >= 80
    assert_once_each(stripe, 2)


def test_control_a_form_without_its_one_token_refunds_again(stripe):
    """Lifted: the look for the form's token, and with it the unique idempotency key. What was captured still holds."""
    variant = make_variant(price=PRICE, on_hand=PIECES)
    order = make_order(lines={variant: PIECES}, payment_method="stripe")
    services.start_payment(order_id=order.pk, payment_method="stripe")
    stripe.control.pay(Payment.unscoped.get(order=order).session_ref)
    payments.reconcile()
    line, tokens = order.lines.get(), iter("abcde")

    def press():
        chosen = Selection(pieces={str(line.pk): 1})
        try:
            refunds.refund_order(order_id=order.pk, selection=chosen, reason="goodwill", token=next(tokens), actor=None)
        except TooManyPieces:
            return "too many"
        return "refunded"

    with Hands() as hands:
        assert Counter(hands.at_once(press)) == {"refunded": PIECES, "too many": HANDS - PIECES}
    assert Payment.unscoped.get(order=order).refunded == PIECES * PRICE


@pytest.mark.long
def test_ten_thousand_duplicates_have_one_effect_each(stripe, kind, capsys, record_property):
    began, rounds = time.monotonic(), 160
    presses = go_through(stripe, rounds)
    figures = f"{kind}: {presses} duplicates of {rounds} purchases in {time.monotonic() - began:.0f} s"
    record_property("duplicates", figures)
    with capsys.disabled():
        print(f" [{figures}]", end="")
    assert presses >= 10_000
    assert_once_each(stripe, rounds)
