"""An attempt to pay: what its row holds, and that whatever changes it says when."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from apps.orders import services as orders
from apps.orders.models import Order
from apps.payments import states
from apps.payments.models import Payment
from apps.payments.services import attempts, refunds
from apps.payments.tests.factories import make_order, make_payment
from apps.payments.tests.refunded_orders import make_paid_order, refund

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def opened(order, **said):
    """An attempt of which the provider has not heard."""
    return attempts.open_attempt(order, method="stripe", **said)


def test_the_next_attempt_asks_for_the_total_of_the_order_under_a_key_of_its_own():
    order = make_order(total=3688)
    first = opened(order, first=True)
    Payment.unscoped.update(state="failed")
    second = opened(order)

    columns = ("order", "method", "state", "attempt", "amount", "currency", "idempotency_key")
    assert list(Payment.unscoped.order_by("pk").values_list(*columns)) == [
        (order.pk, "stripe", "failed", 1, 3688, "EUR", f"order-{order.ref}-pay-1"),
        (order.pk, "stripe", "created", 2, 3688, "EUR", f"order-{order.ref}-pay-2"),
    ]
    assert (first.attempt, attempts.current_attempt(order)) == (1, second)
    assert attempts.current_attempt(make_order()) is None


def test_what_a_provider_is_asked_is_noted_once():
    payment, until = opened(make_order()), timezone.now()

    assert attempts.note_asked(payment, request={"a": 1}, expires_at=until) is True
    assert attempts.note_asked(payment, request={"b": 2}, expires_at=LONG_AGO) is True

    assert (payment.request, payment.expires_at) == ({"a": 1}, until)
    assert attempts.close_unasked(payment) is False
    assert payment.asked_at > LONG_AGO


def test_an_attempt_that_was_closed_before_is_not_asked_for():
    payment = opened(make_order())
    assert attempts.close_unasked(payment) is True

    assert attempts.note_asked(payment, request={"a": 1}, expires_at=LONG_AGO) is False

    assert (payment.state, payment.asked_at, payment.request) == ("closed", None, {})


@pytest.mark.parametrize(
    "change",
    [
        lambda payment: attempts.note_asked(payment, request={}, expires_at=LONG_AGO),
        attempts.close_unasked,
        lambda payment: states.move(payment, Payment.State.PENDING),
    ],
    ids=["asked", "closed", "moved"],
)
def test_each_change_of_an_attempt_says_when(change):
    payment = opened(make_order())
    Payment.unscoped.update(updated_at=LONG_AGO)

    assert change(payment)

    assert Payment.unscoped.get().updated_at > LONG_AGO


def test_a_refund_changes_its_payment_too():
    order = make_paid_order()
    Payment.unscoped.update(updated_at=LONG_AGO)
    refund(order, extra=1)
    assert Payment.unscoped.get().updated_at > LONG_AGO


def test_who_chooses_another_way_to_pay_withdraws_the_first_but_never_what_may_bring_money():
    payment = make_payment()
    assert attempts.make_way(payment.order, method="sandbox") is True
    assert Payment.unscoped.get().state == "created"

    assert attempts.make_way(payment.order, method="stripe") is True
    assert Payment.unscoped.get().state == "closed"

    Payment.unscoped.update(method="gone", state="pending")
    assert attempts.make_way(payment.order, method="stripe") is False


def test_a_late_attempt_of_a_paid_order_is_not_renewed():
    order = make_order()
    assert attempts.renew_attempt(order, method="sandbox").attempt == 1
    assert attempts.renew_attempt(order, method="stripe").method == "sandbox"
    Payment.unscoped.update(state="failed")
    Order.unscoped.update(payment_state="paid", status="paid")
    assert attempts.renew_attempt(order, method="sandbox") is None


def test_what_is_left_of_a_cancelled_order_goes_back_by_rule_without_pieces():
    order = make_paid_order()
    refund(order, extra=488)

    rest = refunds.refund_rest(order_id=order.pk, reason="cancelled")

    assert (rest.amount, rest.goods_amount, rest.shipping_amount, rest.extra_amount) == (4000, 3563, 437, 0)
    assert (rest.origin, rest.reason, rest.note, rest.actor, rest.for_order) == ("rule", "cancelled", "", None, True)
    assert list(rest.lines.values_list("quantity", "released", "restocked", "amount")) == [(2, 0, False, 3563)]
    assert refunds.refund_rest(order_id=order.pk, reason="cancelled") is None
    orders.ask_for_refund(order_id=order.pk)
    assert order.events.latest("pk").kind == "attention"
