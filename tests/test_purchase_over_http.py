"""The whole way over HTTP, as a guest without JavaScript: cart, checkout, test bank, paid order."""

import re

import pytest
from django.core.management import call_command

from apps.catalog.models import Stock
from apps.catalog.tests.factories import make_variant
from apps.core.invariants import audit
from apps.core.seeders import SeedPlan
from apps.orders.models import Order
from apps.orders.services import sweep
from apps.orders.tests.shopper import Shopper
from apps.payments.models import Payment
from apps.shipping.seed import seed_shipping

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shopper(live_server, settings):
    settings.SITE_URL = live_server.url
    seed_shipping(SeedPlan(say=lambda text: None))
    variant = make_variant(price=3200, on_hand=10, sku="MUG-1")
    shopper = Shopper()
    shopper.add(variant.sku, 2)
    return shopper


def work() -> None:
    call_command("worker", "--once", verbosity=0)


def place(shopper) -> str:
    """Place the order; the bank's page that the buyer is sent to."""
    answer = shopper.place(payment_method="sandbox")
    assert answer.status_code == 303
    assert re.fullmatch(r"/payments/sandbox/[\w-]{22}/", answer["Location"])
    return answer["Location"]


def status_of(shopper, page: str) -> str:
    text = shopper.get(page).content.decode()
    return re.search(r'data-testid="order-status"[^>]*data-status="(\w+)"', text)[1]


def press(shopper, bank: str, button: str) -> str:
    """Press a button of the bank; the order's page that the buyer comes back to."""
    answer = shopper.post(bank, {"outcome": button})
    assert answer.status_code == 303
    return answer["Location"]


def test_a_guest_buys_and_sees_the_order_turn_paid(shopper):
    bank = place(shopper)
    assert "€68.90" in shopper.get(bank).content.decode()

    page = press(shopper, bank, "succeed")
    assert status_of(shopper, page) == "awaiting_payment"
    work()

    assert status_of(shopper, page) == "paid"
    order = Order.unscoped.get()
    assert (order.total, order.shipping_total) == (6890, 490)
    assert list(Stock.objects.values_list("on_hand", "reserved")) == [(10, 2)]
    assert audit() == []


def test_after_a_decline_the_buyer_pays_again(shopper):
    page = press(shopper, place(shopper), "decline")
    work()
    assert status_of(shopper, page) == "awaiting_payment"

    again = shopper.post(f"{page}pay/", {"payment_method": "sandbox"})
    assert again.status_code == 303
    press(shopper, again["Location"], "succeed")
    work()

    assert status_of(shopper, page) == "paid"
    assert list(Payment.unscoped.order_by("attempt").values_list("state", flat=True)) == ["failed", "succeeded"]
    assert audit() == []


def test_a_pending_payment_is_under_way_until_the_bank_decides(shopper):
    bank = place(shopper)
    page = press(shopper, bank, "pending")
    work()
    assert status_of(shopper, page) == "awaiting_payment"

    press(shopper, bank, "succeed")
    work()

    assert status_of(shopper, page) == "paid"
    assert audit() == []


def test_a_buyer_who_leaves_the_bank_finds_it_again(shopper):
    bank = place(shopper)
    page = Order.unscoped.get().get_absolute_url()

    again = shopper.post(f"{page}pay/", {"payment_method": "sandbox"})

    assert again["Location"] == bank
    assert Payment.unscoped.count() == 1


def test_an_order_that_nobody_pays_expires_and_its_bank_page_is_closed(shopper, settings):
    bank = place(shopper)
    Order.unscoped.update(hold_expires_at="2020-01-01T00:00Z")

    sweep()

    assert Order.unscoped.get().status == "expired"
    assert shopper.post(bank, {"outcome": "succeed"}).status_code == 409
    assert list(Stock.objects.values_list("on_hand", "reserved")) == [(10, 0)]
    assert audit() == []


@pytest.mark.parametrize("button", ["succeed", "pending"])
def test_an_order_that_the_bank_may_still_pay_does_not_expire(shopper, button):
    press(shopper, place(shopper), button)
    Order.unscoped.update(hold_expires_at="2020-01-01T00:00Z")

    sweep()

    assert Order.unscoped.get().status == "awaiting_payment"
    assert list(Stock.objects.values_list("on_hand", "reserved")) == [(10, 2)]
