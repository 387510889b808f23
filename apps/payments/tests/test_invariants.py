"""What the audit says of payments, word by word, and of what it says nothing: row by row, in their order."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps.orders.models import Order
from apps.payments import invariants, refund_invariants
from apps.payments.models import Dispute, Payment, Refund, SandboxTransaction, WebhookEvent
from apps.payments.services.applying import UNKNOWN_MONEY
from apps.payments.tests.refunded_orders import make_paid_order, refund, work

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

CHECKS = [
    invariants.paid_orders_without_payment,
    invariants.payments_without_paid_order,
    invariants.captured_money_that_differs,
    invariants.refunded_money_that_differs,
    invariants.events_left_waiting,
    invariants.money_nobody_knows,
    invariants.success_without_effect,
    invariants.amounts_that_differ,
    refund_invariants.refund_states_that_differ,
    refund_invariants.released_pieces_that_differ,
    refund_invariants.pieces_refunded_beyond_their_line,
    refund_invariants.more_given_back_than_taken,
    refund_invariants.refund_lines_that_differ,
    refund_invariants.explanations_that_differ,
    refund_invariants.lost_disputes_that_took_nothing,
]


@pytest.fixture(scope="module")
def world(kept_rows):
    """Two paid orders of 44.88; of each one of two mugs went back, and of the first a second refund has failed."""
    made = [make_paid_order() for _ in range(2)]
    for order in made:
        refund(order, pieces={order.lines.get(): 1})
        work()
    failed = refund(made[0], extra=100)
    Refund.unscoped.filter(pk=failed.pk).update(state="failed")
    Payment.unscoped.filter(order=made[0]).update(refunded=1999)
    return [order.pk for order in made]


@pytest.fixture
def shop(world):
    """Its orders, and their payments."""
    orders = [Order.unscoped.get(pk=pk) for pk in world]
    return orders, [Payment.unscoped.get(order=order) for order in orders]


def sql(statement):
    """Past every door of the code, and past the CHECKs of the database."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        try:
            cursor.execute(statement)
        finally:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def told(check):
    return list(check())


def test_of_a_shop_as_it_should_be_nothing_is_said(shop):
    assert [finding for check in CHECKS for finding in check()] == []


def test_a_paid_order_that_no_payment_of_its_sum_and_currency_pays(shop):
    (first, second), _ = shop
    sentence = "Order {} is paid, but no payment of its total succeeded."

    for change in ("applied = 0", "captured = 4487", "currency = 'USD'"):
        sql(f"UPDATE payments_payment SET {change} WHERE order_id = {first.pk}")
        assert told(invariants.paid_orders_without_payment) == [sentence.format(first.number)]
        sql(f"UPDATE payments_payment SET applied = 1, captured = 4488, currency = 'EUR' WHERE order_id = {first.pk}")
    sql("UPDATE payments_payment SET captured = 1")
    assert set(told(invariants.paid_orders_without_payment)) == {
        sentence.format(order.number) for order in (first, second)
    }
    sql("UPDATE orders_order SET total = 0")
    assert told(invariants.paid_orders_without_payment) == []


def test_money_that_pays_an_order_which_is_not_paid_or_pays_none_and_stays(shop):
    (first, _), (payment, other) = shop
    sql(f"UPDATE orders_order SET payment_state = 'awaiting' WHERE id = {first.pk}")
    assert told(invariants.payments_without_paid_order) == [
        f"Payment {payment.ref} pays order {first.number}, but the order is not paid."
    ]

    sql("UPDATE payments_payment SET applied = 0, refunded = captured")
    assert told(invariants.payments_without_paid_order) == []
    sql(f"UPDATE payments_payment SET refunded = captured - 1 WHERE id = {other.pk}")
    assert told(invariants.payments_without_paid_order) == [
        f"Payment {other.ref} does not pay order {other.order.number}, and its money is not going back."
    ]


def test_a_success_without_money_and_money_without_a_success(shop):
    _, (first, second) = shop
    sql(f"UPDATE payments_payment SET captured = 0 WHERE id = {second.pk}")
    sql(f"UPDATE payments_payment SET state = 'failed' WHERE id = {first.pk}")

    assert told(invariants.captured_money_that_differs) == [
        f"Payment {first.ref} is failed and has captured 4488.",
        f"Payment {second.ref} is succeeded and has captured 0.",
    ]
    sql(f"UPDATE payments_payment SET captured = 0 WHERE id = {first.pk}")
    sql(f"UPDATE payments_payment SET captured = 1 WHERE id = {second.pk}")
    assert told(invariants.captured_money_that_differs) == []


def test_a_payment_that_counts_other_refunds_than_it_has(shop):
    _, (first, second) = shop
    sql("UPDATE payments_payment SET refunded = 2099")

    assert told(invariants.refunded_money_that_differs) == [
        f"Payment {payment.ref} counts 2099 as refunded, its refunds are 1999." for payment in (first, second)
    ]
    sql("UPDATE payments_payment SET captured = 2098")
    assert set(told(refund_invariants.more_given_back_than_taken)) == {
        f"Payment {payment.ref} gave back more than it took." for payment in (first, second)
    }
    sql("UPDATE payments_payment SET captured = 2099")
    assert told(refund_invariants.more_given_back_than_taken) == []


def test_an_event_that_waits_for_more_than_an_hour(shop):
    event = WebhookEvent.objects.create(provider="sandbox", event_id="evt_1", kind="x", payload={})
    for minutes, found in ((59, False), (61, True)):
        WebhookEvent.objects.filter(pk=event.pk).update(received_at=timezone.now() - timedelta(minutes=minutes))
        assert bool(told(invariants.events_left_waiting)) is found

    WebhookEvent.objects.filter(pk=event.pk).update(received_at=datetime.fromisoformat("2026-11-20T08:05:09+00:00"))
    assert told(invariants.events_left_waiting) == ["Event evt_1 of sandbox has waited since 2026-11-20 08:05."]
    WebhookEvent.objects.filter(pk=event.pk).update(applied_at=timezone.now())
    assert told(invariants.events_left_waiting) == []


def test_money_that_belongs_to_no_order(shop):
    event = WebhookEvent.objects.create(provider="stripe", event_id="evt_1", kind="x", payload={}, outcome="closed")
    assert told(invariants.money_nobody_knows) == []

    WebhookEvent.objects.filter(pk=event.pk).update(outcome=UNKNOWN_MONEY)
    assert told(invariants.money_nobody_knows) == ["Event evt_1 of stripe tells of money that belongs to no order."]


def test_a_bank_that_paid_and_was_heard_without_effect(shop):
    _, (first, _) = shop
    sql(f"UPDATE payments_payment SET state = 'created' WHERE id = {first.pk}")
    assert told(invariants.success_without_effect) == [
        f"The test bank paid {first.ref}, but the payment is not marked as received."
    ]

    entry = SandboxTransaction.objects.get(payment_ref=first.ref)
    SandboxTransaction.objects.filter(pk=entry.pk).update(outcome="declined")
    assert told(invariants.success_without_effect) == []
    SandboxTransaction.objects.filter(pk=entry.pk).update(outcome="succeeded")
    WebhookEvent.objects.filter(event_id=entry.event_id).update(applied_at=None)
    assert told(invariants.success_without_effect) == []


def test_payments_of_another_amount_than_their_order(shop):
    _, payments = shop
    sql("UPDATE payments_payment SET amount = 4489")
    assert set(told(invariants.amounts_that_differ)) == {
        f"Payment {payment.ref} asks for another amount than order {payment.order.number}." for payment in payments
    }


@pytest.mark.parametrize(
    ("says", "gone", "finds"),
    [
        ("none", 1999, True),
        ("partial", 1999, False),
        ("full", 1999, True),
        ("partial", 4487, False),
        ("partial", 4488, True),
        ("full", 4488, False),
        ("none", 0, False),
        ("partial", 0, True),
    ],
)
def test_orders_that_are_as_refunded_as_their_refunds(shop, says, gone, finds):
    orders, _ = shop
    sql(f"UPDATE orders_order SET refund_state = '{says}'")
    sql(f"UPDATE payments_refund SET amount = {gone} WHERE state = 'succeeded'")
    sentences = [f"Order {order.number} says {says}, but {gone} of its 4488 went back." for order in orders]
    assert told(refund_invariants.refund_states_that_differ) == (sentences if finds else [])


def test_a_refund_of_money_that_never_paid_the_order_does_not_count_for_it(shop):
    (first, _), _ = shop
    sql(f"UPDATE payments_refund SET for_order = 0 WHERE order_id = {first.pk}")
    assert told(refund_invariants.refund_states_that_differ) == [
        f"Order {first.number} says partial, but 0 of its 4488 went back."
    ]


def test_pieces_that_were_released_or_refunded_by_nobody(shop):
    (first, second), _ = shop
    sku = second.lines.get().sku
    sql(f"UPDATE orders_orderline SET released = 0 WHERE order_id = {second.pk}")
    assert told(refund_invariants.released_pieces_that_differ) == [
        f"Order {second.number} released 0 of {sku}, its refunds 1."
    ]

    sql("UPDATE payments_refundline SET quantity = 2")
    assert told(refund_invariants.pieces_refunded_beyond_their_line) == []
    sql("UPDATE payments_refundline SET quantity = 3")
    assert set(told(refund_invariants.pieces_refunded_beyond_their_line)) == {
        f"Order {order.number} refunded 3 of 2 pieces of {order.lines.get().sku}." for order in (first, second)
    }
    sql("UPDATE payments_refund SET state = 'failed'")
    assert told(refund_invariants.pieces_refunded_beyond_their_line) == []


def test_refunds_that_are_not_their_lines_or_not_what_explains_them(shop):
    refunds = Refund.unscoped.filter(state="succeeded").order_by("pk")
    sql("UPDATE payments_refundline SET amount = 7")
    assert told(refund_invariants.refund_lines_that_differ) == [
        f"Refund {made.ref} gives back 1999 for goods, its lines 7." for made in refunds
    ]

    for change, amount in (("tax = tax + 1", 1999), ("tax = tax - 1, amount = 5", 5)):
        sql(f"UPDATE payments_refund SET {change} WHERE state = 'succeeded'")
        assert told(refund_invariants.explanations_that_differ) == [
            f"Refund {made.ref} of {amount} is explained as 1999." for made in refunds
        ]
    sql("UPDATE payments_refund SET explanation = '{}'")
    assert told(refund_invariants.explanations_that_differ) == []


def test_a_lost_dispute_whose_money_counts_as_gone(shop):
    (order, _), (payment, _) = shop
    Dispute.unscoped.create(payment=payment, provider_ref="dp_1", state="lost", amount=4488, currency="EUR")
    Dispute.unscoped.create(payment=payment, provider_ref="dp_2", state="won", amount=4488, currency="EUR")
    sentence = ["Dispute dp_1 was lost, but no money is counted as gone back."]
    assert told(refund_invariants.lost_disputes_that_took_nothing) == sentence

    row = Refund.unscoped.create(
        order=order, payment=payment, amount=1, extra_amount=1, currency="EUR", idempotency_key="k", provider_ref="dp_1"
    )
    assert told(refund_invariants.lost_disputes_that_took_nothing) == sentence
    Refund.unscoped.filter(pk=row.pk).update(origin="dispute")
    assert told(refund_invariants.lost_disputes_that_took_nothing) == []

    Refund.unscoped.filter(pk=row.pk).update(origin="staff")
    sql("UPDATE payments_payment SET refunded = captured")
    assert told(refund_invariants.lost_disputes_that_took_nothing) == []
