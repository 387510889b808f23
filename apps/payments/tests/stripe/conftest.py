"""A fake Stripe beside the shop: the real driver talks to it over HTTP, and it calls the shop's real webhook."""

import pytest
from django.test import Client

from apps.orders import extensions
from apps.payments import gateways
from apps.payments.fake_stripe import FakeStripe
from apps.payments.stripe.gateway import StripeGateway
from apps.payments.stripe.method import StripeMethod


def deliver(body: bytes, headers: dict[str, str]) -> int:
    names = {name: value for name, value in headers.items() if name.lower() != "content-type"}
    return Client().post("/payments/stripe/webhook/", body, content_type="application/json", headers=names).status_code


@pytest.fixture(scope="session")
def stripe_server():
    with FakeStripe(deliver=deliver) as server:
        yield server


@pytest.fixture(autouse=True)
def stripe(stripe_server, settings, monkeypatch):
    """The shop pays by Stripe alone. Events wait until a test delivers them."""
    stripe_server.control.reset()
    stripe_server.control.rotate("whsec_fake")
    settings.PAYMENT_METHODS = ["stripe"]
    settings.STRIPE_SECRET_KEY = "sk_test_shop"
    settings.STRIPE_WEBHOOK_SECRET = ["whsec_fake"]
    settings.STRIPE_API_BASE = stripe_server.url
    settings.STRIPE_CAPTURE = "automatic"
    monkeypatch.setattr(extensions, "_payment_methods", {"stripe": StripeMethod()})
    monkeypatch.setattr(gateways, "_gateways", {"stripe": StripeGateway()})
    yield stripe_server
    stripe_server.control.clear_faults()
