"""No key and no secret of Stripe is written anywhere: not into pages, the admin, logs, jobs or rows."""

import logging

import pytest
from django.core import serializers
from django.urls import reverse

from apps.core.ownership import Owner
from apps.jobs.models import Job
from apps.orders import services as orders
from apps.orders.extensions import PaymentUnavailable
from apps.payments import services
from apps.payments.models import Payment, WebhookEvent
from apps.payments.stripe.client import redacted
from apps.payments.tests.stripe.shop import bare_order, started, take_in
from apps.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

KEY, SECRET = "sk_test_verysecretkey", "whsec_verysecretsecret"
FORBIDDEN = (KEY, SECRET, "verysecret", "_secret_", "client_secret", "4242424242424242", "4000000000000002")


@pytest.fixture
def told(caplog, settings, stripe):
    """Everything that is logged, by our code and by the library."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = KEY, [SECRET]
    stripe.control.rotate(SECRET)
    caplog.set_level(logging.DEBUG, logger="stoa")
    caplog.set_level(logging.INFO, logger="stripe")
    caplog.set_level(logging.DEBUG, logger="django")
    return caplog


def clean(text: str) -> bool:
    return [word for word in FORBIDDEN if word in text] == []


def test_nothing_secret_in_a_purchase_with_everything_that_can_go_wrong(stripe, told, client):
    customer = User.objects.create_user(email="ada@example.com", password="x")
    order = bare_order(owner=Owner(user_id=customer.pk))
    stripe.control.fault("status", on="POST /v1/checkout/sessions", status=500, count=2)
    with pytest.raises(PaymentUnavailable) as unavailable:
        orders.start_payment(order_id=order.pk, payment_method="stripe")
    refused = bare_order(total=1)
    with pytest.raises(PaymentUnavailable) as refusal:
        orders.start_payment(order_id=refused.pk, payment_method="stripe")
    payment = started(order)
    stripe.control.pay(payment.session_ref, card="4000000000000002")
    stripe.control.pay(payment.session_ref)
    client.post("/payments/stripe/webhook/", b'{"client_secret": "x_secret_y"}', content_type="application/json")
    take_in(stripe)
    services.reconcile()

    assert clean(str(unavailable.value) + str(refusal.value))
    assert clean(told.text)
    for model in (Payment, WebhookEvent):
        assert clean(serializers.serialize("json", model._base_manager.all()))
    assert clean(" ".join(f"{job.args_kwargs} {job.traceback}" for job in Job.objects.all()))
    client.force_login(customer)
    assert clean(client.get(f"/orders/{order.ref}/").text)
    client.force_login(User.objects.create_superuser(email="root@example.com", password="x"))
    for name in ("payments_payment", "payments_webhookevent", "payments_problem", "orders_order"):
        assert clean(client.get(reverse(f"admin:{name}_changelist")).text)
    assert clean(client.get(reverse("admin:payments_payment_change", args=[payment.pk])).text)
    assert clean(client.get(reverse("admin:orders_order_change", args=[order.pk])).text)


def test_a_wrong_key_is_unknown_not_refused_and_is_not_repeated_in_the_log(stripe, told, settings):
    settings.STRIPE_SECRET_KEY = "nonsense_verysecretkey"
    order = bare_order()

    with pytest.raises(PaymentUnavailable):
        orders.start_payment(order_id=order.pk, payment_method="stripe")

    assert Payment.unscoped.get().state == "created"
    assert "AuthenticationError 401" in told.text
    assert clean(told.text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("No such key: sk_live_abc123", "No such key: …"),
        ("rk_test_abc and whsec_abc", "… and …"),
        ("pi_1_secret_abc is not yours", "… is not yours"),
        ("Amount must be at least 0.50 EUR", "Amount must be at least 0.50 EUR"),
    ],
)
def test_words_of_the_provider_are_kept_without_secrets(text, left):
    assert redacted(text) == left
