"""What the shop makes of the errors of Stripe's library."""

import logging

import pytest
import stripe
from django.utils import timezone

from apps.orders.models import Order
from apps.payments.gateways import GatewayRefused, GatewayUnavailable
from apps.payments.models import Payment, Refund
from apps.payments.stripe import sessions
from apps.payments.stripe.client import REPLAYED, GatewayBroken, asking, redacted
from apps.payments.stripe.gateway import StripeGateway

HEADERS = {"request-id": "req_1"}


@pytest.mark.parametrize(
    ("error", "became", "said"),
    [
        (
            stripe.InvalidRequestError("Too little.", "amount", code="amount_too_small", http_status=400),
            GatewayRefused,
            "Too little.",
        ),
        (
            stripe.InvalidRequestError(None, None, code="missing", http_status=404, headers=HEADERS),
            GatewayRefused,
            "InvalidRequestError 404 missing req_1",
        ),
        (stripe.CardError("Declined, sk_test_abcdefgh", None, "card_declined"), GatewayRefused, "Declined, …"),
        (stripe.APIConnectionError("down"), GatewayUnavailable, "APIConnectionError"),
        (stripe.APIError("oops", http_status=500, headers=HEADERS), GatewayUnavailable, "APIError 500 req_1"),
        (stripe.APIError("oops", http_status=500, headers={REPLAYED: "true"}), GatewayBroken, "APIError 500"),
        (stripe.APIError("oops", http_status=499, headers={REPLAYED: "true"}), GatewayUnavailable, "APIError 499"),
        (stripe.AuthenticationError("No.", http_status=401), GatewayUnavailable, "AuthenticationError 401"),
    ],
)
def test_an_error_is_a_no_or_it_is_unknown_what_happened(error, became, said):
    with pytest.raises(became) as raised, asking("do something"):
        raise error

    assert (type(raised.value), str(raised.value)) == (became, said)


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (stripe.CardError("My card", None, "card_declined"), "Stripe refused to list things: CardError card_declined"),
        (stripe.RateLimitError("x", http_status=429), "Stripe could not list things: RateLimitError 429"),
    ],
)
def test_the_log_learns_the_kind_of_an_error_and_nothing_that_it_says(caplog, error, line):
    with pytest.raises((GatewayRefused, GatewayUnavailable)), asking("list things"):
        raise error

    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [(logging.WARNING, line)]


@pytest.mark.parametrize(
    ("ask", "what"),
    [
        (lambda: sessions.create({"mode": "payment"}, key="k"), "create a session"),
        (lambda: sessions.retrieve("cs_0"), "show a session"),
        (lambda: sessions.expire("cs_0"), "expire a session"),
        (lambda: sessions.of_intent("pi_0"), "look for a session"),
        (lambda: StripeGateway().settlement(Payment(intent_ref="pi_0")), "show a payment"),
        (lambda: StripeGateway().missed_events(), "list what was missed"),
        (
            lambda: StripeGateway().capture(
                Payment(intent_ref="pi_0", idempotency_key="k", capture_asked_at=timezone.now())
            ),
            "capture",
        ),
        (
            lambda: StripeGateway().refund(Refund(payment=Payment(), order=Order(), amount=100, currency="EUR")),
            "refund",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_log_says_what_was_asked(settings, caplog, ask, what):
    settings.STRIPE_SECRET_KEY = "sk_nobody"

    with pytest.raises(GatewayUnavailable):
        ask()

    (told,) = [record.getMessage() for record in caplog.records if record.name == "stoa.payments"]
    assert told.startswith(f"Stripe could not {what}: AuthenticationError 401")


def test_a_long_text_is_cut():
    assert redacted("a" * 400) == "a" * 300
