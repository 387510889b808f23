"""Going to Stripe's page: one session per attempt, however often the button is pressed and whatever gets lost."""

from datetime import timedelta

import pytest
import stripe as sdk
from django.utils import timezone

from apps.core.money import Money
from apps.orders import services as orders
from apps.orders.extensions import PaymentUnavailable
from apps.payments.fake_stripe import cards
from apps.payments.models import Payment
from apps.payments.services import check_payment
from apps.payments.stripe.method import StripeMethod
from apps.payments.tests.stripe.shop import (
    bare_order,
    broken,
    fresh,
    kinds,
    order_of,
    placed,
    started,
    take_in,
    work,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

CREATE = "POST /v1/checkout/sessions"


def sessions(stripe) -> list[dict]:
    return stripe.control.objects("checkout.session")


def test_a_session_asks_for_the_orders_total_and_nothing_else(stripe):
    payment = started(total=3688)

    (session,) = sessions(stripe)
    order = payment.order
    refs = {"order_ref": order.ref, "order_number": order.number, "payment_ref": payment.ref}
    assert (session["amount_total"], session["currency"]) == (3688, "eur")
    assert session["metadata"] == refs
    assert (session["client_reference_id"], session["customer_email"]) == (order.ref, "alice@example.com")
    assert session["success_url"] == f"http://testserver/payments/stripe/{payment.ref}/return/"
    assert session["cancel_url"] == f"http://testserver/orders/{order.ref}/"
    assert payment.session_ref == session["id"]
    assert payment.idempotency_key == f"order-{order.ref}-pay-1"
    assert (payment.state, payment.attempt) == ("created", 1)
    assert payment.request["expires_at"] == session["expires_at"]


def test_preparing_writes_rows_and_asks_nobody(stripe):
    order = bare_order()

    StripeMethod().prepare(order)

    payment = Payment.unscoped.get()
    assert (payment.state, payment.asked_at, payment.session_ref) == ("created", None, "")
    assert sessions(stripe) == []


def test_starting_again_leads_to_the_same_page(stripe):
    order = bare_order()

    urls = {orders.start_payment(order_id=order.pk, payment_method="stripe") for _ in range(3)}

    assert len(urls) == 1
    assert len(sessions(stripe)) == 1
    assert Payment.unscoped.count() == 1


def test_a_session_outlives_a_short_hold_only_as_far_as_stripe_insists(stripe):
    payment = started(hold_expires_at=timezone.now() + timedelta(seconds=60))

    assert timedelta(minutes=34) < payment.expires_at - timezone.now() < timedelta(minutes=36)


def test_a_declined_card_leaves_the_session_open_for_another(stripe):
    payment = started()
    stripe.control.pay(payment.session_ref, card=cards.DECLINED)
    take_in(stripe)
    assert (fresh(payment).state, order_of(payment).status) == ("created", "awaiting_payment")

    stripe.control.pay(payment.session_ref)
    take_in(stripe)

    assert (fresh(payment).state, order_of(payment).status) == ("succeeded", "paid")
    assert stripe.control.charged(payment.ref, by="payment_ref")["charges"] == 1
    assert broken() == []


def test_an_answer_that_got_lost_is_given_again_by_the_same_key(stripe):
    order = bare_order()
    stripe.control.fault("commit_then_drop", on=CREATE, count=2)

    with pytest.raises(PaymentUnavailable):
        orders.start_payment(order_id=order.pk, payment_method="stripe")
    payment = Payment.unscoped.get()
    assert (payment.state, payment.session_ref) == ("created", "")

    url = orders.start_payment(order_id=order.pk, payment_method="stripe")

    (session,) = sessions(stripe)
    assert url == session["url"]
    assert fresh(payment).session_ref == session["id"]
    assert payment.attempt == 1


@pytest.mark.parametrize(("kind", "status"), [("status", 500), ("status", 429), ("reset", 0)])
def test_a_provider_that_does_not_answer_leaves_the_attempt_open(stripe, kind, status):
    order = bare_order()
    stripe.control.fault(kind, on=CREATE, count=2, status=status)

    with pytest.raises(PaymentUnavailable):
        orders.start_payment(order_id=order.pk, payment_method="stripe")
    assert Payment.unscoped.get().state == "created"

    stripe.control.clear_faults()
    assert started(order).session_ref == sessions(stripe)[0]["id"]
    assert len(sessions(stripe)) == 1


def test_a_provider_that_hangs_is_given_up_within_seconds(stripe, monkeypatch):
    from apps.payments.stripe import client

    monkeypatch.setattr(client, "READ_SECONDS", 0.1)
    client._client.cache_clear()
    order = bare_order()
    stripe.control.fault("hang", on=CREATE, count=2, seconds=30)
    begun = timezone.now()

    with pytest.raises(PaymentUnavailable):
        orders.start_payment(order_id=order.pk, payment_method="stripe")

    client._client.cache_clear()
    assert timezone.now() - begun < timedelta(seconds=10)
    assert Payment.unscoped.get().state == "created"


def test_a_failure_that_is_kept_under_the_key_ends_the_attempt_and_the_next_has_another_key(stripe, monkeypatch):
    from apps.payments.stripe import method
    from apps.payments.stripe.client import asking

    def replay(request, *, key):
        with asking("create a session"):
            raise sdk.APIError("Something went wrong.", http_status=500, headers={"idempotent-replayed": "true"})

    order = bare_order()
    with monkeypatch.context() as broken_stripe:
        broken_stripe.setattr(method.sessions, "create", replay)
        with pytest.raises(PaymentUnavailable):
            orders.start_payment(order_id=order.pk, payment_method="stripe")
    assert Payment.unscoped.get().state == "failed"

    second = started(order)

    assert (second.attempt, second.idempotency_key) == (2, f"order-{order.ref}-pay-2")
    assert kinds(order) == ["payment_started", "payment_started"]


def test_a_refused_request_ends_the_attempt_and_says_why_to_staff_alone(stripe):
    order = bare_order(total=1)

    with pytest.raises(PaymentUnavailable) as refusal:
        orders.start_payment(order_id=order.pk, payment_method="stripe")

    payment = Payment.unscoped.get()
    assert payment.state == "failed"
    assert "at least" in payment.failure
    assert "at least" not in str(refusal.value)


def test_an_expired_session_is_followed_by_the_next_attempt_at_one_press(stripe):
    payment = started()
    stripe.control.expire(payment.session_ref)

    url = orders.start_payment(order_id=payment.order_id, payment_method="stripe")

    assert fresh(payment).state == "closed"
    second = Payment.unscoped.get(attempt=2)
    assert url == sessions(stripe)[1]["url"]
    assert second.session_ref == sessions(stripe)[1]["id"]


def test_a_paid_session_leads_to_the_order_and_pays_it(stripe):
    payment = started()
    stripe.control.pay(payment.session_ref)

    url = orders.start_payment(order_id=payment.order_id, payment_method="stripe")

    assert url == payment.order.get_absolute_url()
    assert order_of(payment).status == "paid"


# Closing


def test_closing_ends_the_session_before_the_stock_is_freed(stripe):
    payment = placed()
    order = payment.order
    type(order).unscoped.update(hold_expires_at=timezone.now())

    assert orders.expire_order(order_id=order.pk) is True

    assert sessions(stripe)[0]["status"] == "expired"
    assert fresh(payment).state == "closed"
    assert fresh(order).status == "expired"
    assert broken() == []


def test_an_attempt_that_stripe_never_heard_of_is_closed_without_asking(stripe):
    order = bare_order()
    StripeMethod().prepare(order)
    stripe.control.fault("status", status=500, count=None)

    assert StripeMethod().close(order) is True
    assert Payment.unscoped.get().state == "closed"


def test_an_attempt_whose_answer_got_lost_is_found_and_ended(stripe):
    order = bare_order()
    stripe.control.fault("commit_then_drop", on=CREATE, count=2)
    with pytest.raises(PaymentUnavailable):
        orders.start_payment(order_id=order.pk, payment_method="stripe")

    assert StripeMethod().close(order) is True

    (session,) = sessions(stripe)
    assert session["status"] == "expired"
    assert Payment.unscoped.get().state == "closed"


def test_while_stripe_does_not_answer_nothing_is_freed(stripe):
    payment = placed()
    order = payment.order
    type(order).unscoped.update(hold_expires_at=timezone.now())
    stripe.control.fault("status", status=500, count=None)

    assert orders.expire_order(order_id=order.pk) is False
    assert fresh(order).status == "awaiting_payment"

    stripe.control.clear_faults()
    assert orders.expire_order(order_id=order.pk) is True


def test_a_paid_session_is_not_closed_and_its_word_is_fetched(stripe):
    payment = placed()
    order = payment.order
    type(order).unscoped.update(hold_expires_at=timezone.now())
    stripe.control.pay(payment.session_ref)

    assert orders.expire_order(order_id=order.pk) is False
    work()

    assert fresh(order).status == "paid"
    assert broken() == []


def test_a_delayed_method_keeps_the_goods_until_it_is_decided(stripe):
    payment = placed()
    stripe.control.pay(payment.session_ref, card=cards.DELAYED)
    take_in(stripe)
    order = fresh(payment.order)
    assert (fresh(payment).state, order.status) == ("pending", "awaiting_payment")
    assert order.hold_expires_at > timezone.now() + timedelta(days=13)
    assert StripeMethod().close(order) is False

    stripe.control.settle(payment.session_ref, success=True)
    take_in(stripe)

    assert (fresh(payment).state, fresh(order).status) == ("succeeded", "paid")
    assert kinds(order) == ["placed", "payment_started", "payment_pending", "paid"]


def test_a_delayed_method_that_fails_gives_the_buyer_the_usual_time_for_another(stripe):
    payment = placed()
    stripe.control.pay(payment.session_ref, card=cards.DELAYED)
    take_in(stripe)
    stripe.control.settle(payment.session_ref, success=False)
    take_in(stripe)

    order = fresh(payment.order)
    assert (fresh(payment).state, order.status) == ("failed", "awaiting_payment")
    assert order.hold_expires_at < timezone.now() + timedelta(minutes=31)
    second = started(order)
    stripe.control.pay(second.session_ref)
    take_in(stripe)
    assert (second.attempt, fresh(order).status) == (2, "paid")
    assert broken() == []


def test_a_question_of_the_bank_that_nobody_answers_ends_with_the_hold(stripe):
    payment = placed()
    stripe.control.pay(payment.session_ref, card=cards.AUTHENTICATE)
    take_in(stripe)
    order = payment.order
    type(order).unscoped.update(hold_expires_at=timezone.now())

    assert orders.expire_order(order_id=order.pk) is True

    assert stripe.control.objects("payment_intent")[0]["status"] == "canceled"
    assert fresh(order).status == "expired"


def test_choosing_another_way_to_pay_withdraws_the_first(stripe, monkeypatch):
    from apps.orders import extensions
    from apps.payments.sandbox.method import SandboxMethod

    monkeypatch.setitem(extensions._payment_methods, "sandbox", SandboxMethod())
    order = bare_order()
    orders.start_payment(order_id=order.pk, payment_method="sandbox")

    url = orders.start_payment(order_id=order.pk, payment_method="stripe")

    states = list(Payment.unscoped.order_by("attempt").values_list("method", "state"))
    assert states == [("sandbox", "closed"), ("stripe", "created")]
    assert url == sessions(stripe)[0]["url"]


# Amounts


@pytest.mark.parametrize(
    ("money", "asked"),
    [
        (Money(1999, "EUR"), 1999),
        (Money(500, "JPY"), 500),
        (Money(12340, "KWD"), 12340),
        (Money(500, "ISK"), 50000),
    ],
)
def test_every_currency_is_asked_for_as_stripe_counts_it(stripe, money, asked):
    payment = started(total=money.amount, currency=money.currency)

    assert sessions(stripe)[0]["amount_total"] == asked
    stripe.control.pay(payment.session_ref)
    check_payment(payment_id=payment.pk)

    assert (fresh(payment).captured, payment.applied) == (money.amount, True)
    assert order_of(payment).status == "paid"


@pytest.mark.parametrize("money", [Money(0, "EUR"), Money(12345, "KWD"), Money(10**10, "EUR")])
def test_a_sum_that_stripe_can_not_take_is_not_offered(money):
    from types import SimpleNamespace

    assert StripeMethod().available(SimpleNamespace(total=money)) is False
