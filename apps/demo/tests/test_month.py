"""The demo as `make run` shows it: sixty products and a month of orders whose books are in order."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models import Sum
from django.utils import timezone

from apps.catalog.models import Listing, Product, Stock
from apps.core import invariants
from apps.demo.catalogue import load
from apps.demo.seeding.fates import WAITING
from apps.orders.models import Order, OrderLine
from apps.orders.services.states import summarise
from apps.payments.models import Payment, Refund
from apps.payments.services.refunds import refund_rest, send_refund
from apps.pricing import explanation
from apps.pricing.refunding import recompute

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]
HOLD = timedelta(minutes=30)


@pytest.fixture(scope="module", autouse=True)
def demo(kept_rows):
    """Seeded once; each test takes back what it does."""
    call_command("seed", stdout=io.StringIO())


def test_the_demo_is_a_shop_whose_books_are_in_order() -> None:
    assert invariants.audit() == []
    assert Product.objects.count() == len(load().products)
    assert Listing.objects.count() == len(load().products)
    assert Order.unscoped.count() == 120


def test_stock_that_can_be_bought_is_what_the_texts_say() -> None:
    stated = {variant.sku: variant.stock for product in load().products for variant in product.variants}
    stock = Stock.objects.select_related("variant")
    assert {row.variant.sku: row.on_hand - row.reserved for row in stock} == stated


def test_every_piece_that_is_promised_belongs_to_an_open_order() -> None:
    lines = OrderLine.unscoped.filter(order__in=Order.unscoped.holding_stock())
    held = dict(lines.order_by().values_list("variant_id").annotate(pieces=Sum("quantity")))
    assert dict(Stock.objects.filter(reserved__gt=0).values_list("variant_id", "reserved")) == held


def test_every_order_says_what_its_states_say_and_its_lines_add_up() -> None:
    for order in Order.unscoped.prefetch_related("lines"):
        lines = list(order.lines.all())
        assert order.status == summarise(
            payment=order.payment_state,
            fulfilment=order.fulfilment_state,
            refund=order.refund_state,
            closure=order.closure,
        )
        assert order.subtotal == sum(line.amount for line in lines)
        assert order.tax_total == sum(line["tax"] for line in order.tax_lines)
        assert order.total == order.subtotal + order.shipping_total
        assert explanation.recompute(order.explanation).total == order.total
        assert [line["label"] for line in order.explanation["lines"]] == [line.title for line in lines]


def test_the_month_shows_every_state_of_an_order() -> None:
    assert set(Order.unscoped.values_list("status", flat=True)) == {
        "awaiting_payment", "paid", "fulfilling", "shipped", "delivered", "refunded", "cancelled", "expired",
    }  # fmt: skip
    assert Order.unscoped.filter(status="awaiting_payment").count() == WAITING


def test_nothing_lies_in_the_future_and_events_follow_each_other() -> None:
    now = timezone.now()
    for order in Order.unscoped.prefetch_related("events"):
        moments = [event.at for event in order.events.order_by("pk")]
        assert moments == sorted(moments)
        assert moments[0] == order.placed_at
        assert moments[-1] <= now
    assert Order.unscoped.filter(placed_at__lt=now - timedelta(days=33)).count() == 0


def test_some_orders_were_refunded_and_the_payments_say_how_much() -> None:
    refunds = Refund.unscoped.select_related("payment", "order")
    assert {refund.reason for refund in refunds} >= {"cancelled", "changed_mind", "damaged"}
    for refund in refunds:
        assert refund.payment.refunded == refund.amount
        assert refund.order.refund_state == ("full" if refund.amount == refund.order.total else "partial")
        assert recompute(refund.explanation) == refund.explanation["figures"]


def test_a_seeded_order_can_be_refunded_at_the_test_bank() -> None:
    payment = Payment.unscoped.filter(applied=True, refunded=0).first()

    refund = refund_rest(order_id=payment.order_id, reason=Refund.Reason.OTHER)
    send_refund(refund_id=refund.pk)

    refund.refresh_from_db()
    assert (refund.state, refund.amount) == ("succeeded", payment.captured)
