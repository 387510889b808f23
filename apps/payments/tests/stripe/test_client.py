"""What the shop makes of the errors of Stripe's library."""

import logging

import pytest
import stripe

from apps.payments.gateways import GatewayRefused, GatewayUnavailable
from apps.payments.stripe.client import REPLAYED, GatewayBroken, asking, redacted

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


def test_a_long_text_is_cut():
    assert redacted("a" * 400) == "a" * 300
