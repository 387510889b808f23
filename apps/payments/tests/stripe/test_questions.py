"""What Stripe is asked, to the letter: by which method, at which address, with which words, under which key."""

import json
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl

import pytest

from apps.orders.models import Order
from apps.payments.gateways import ToldRefund
from apps.payments.models import Payment, Refund
from apps.payments.stripe import method, sessions
from apps.payments.stripe.gateway import EVENTS, StripeGateway

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

NOTHING = {"object": "list", "data": [], "has_more": False, "url": "/"}
SESSION = {"object": "checkout.session", "id": "cs_1", "status": "complete", "currency": "eur", "amount_total": 3688}
INTENT = {
    "object": "payment_intent",
    "id": "pi_1",
    "status": "succeeded",
    "currency": "eur",
    "amount": 3688,
    "amount_received": 3688,
    "amount_capturable": 0,
    "latest_charge": {"disputed": True},
}
REFUND = {"object": "refund", "id": "re_1", "amount": 500, "currency": "eur", "status": "pending", "metadata": {}}
WHOLE = {"expand[0]": "payment_intent.latest_charge"}


@pytest.fixture(scope="module")
def server():
    class Door(BaseHTTPRequestHandler):
        def do_GET(self):
            path, _, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            key = self.headers.get("Idempotency-Key", "") if self.command == "POST" else ""
            self.server.calls.append((self.command, path, dict(parse_qsl(query or body)), key))
            answer = json.dumps(self.server.answers.get(path, NOTHING)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_POST = do_GET

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Door) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def stripe(server, settings):
    """Takes every question down and answers by what the test lays out."""
    settings.STRIPE_SECRET_KEY = "sk_test_questions"
    settings.STRIPE_API_BASE = f"http://127.0.0.1:{server.server_port}"
    server.calls, server.answers = [], {}
    return server


def test_a_session_is_made_under_the_key_of_its_attempt(stripe):
    stripe.answers["/v1/checkout/sessions"] = SESSION

    assert sessions.create({"mode": "payment"}, key="order-1-pay-1") == SESSION
    assert stripe.calls == [("POST", "/v1/checkout/sessions", {"mode": "payment"}, "order-1-pay-1")]


def test_a_session_is_ended_by_its_id(stripe):
    stripe.answers["/v1/checkout/sessions/cs_1/expire"] = SESSION

    sessions.expire("cs_1")

    assert [call[:3] for call in stripe.calls] == [("POST", "/v1/checkout/sessions/cs_1/expire", {})]


def test_an_authorisation_is_let_go_by_its_id(stripe):
    stripe.answers["/v1/payment_intents/pi_1/cancel"] = INTENT

    method._let_go("pi_1")

    assert [call[:3] for call in stripe.calls] == [("POST", "/v1/payment_intents/pi_1/cancel", {})]


def test_a_paid_payment_is_read_with_its_charge_and_all_that_went_back(stripe):
    stripe.answers |= {
        "/v1/checkout/sessions/cs_1": {**SESSION, "payment_intent": "pi_1"},
        "/v1/payment_intents/pi_1": INTENT,
    }

    StripeGateway().settlement(Payment(session_ref="cs_1"))

    by = {"payment_intent": "pi_1", "limit": "100"}
    assert stripe.calls == [
        ("GET", "/v1/checkout/sessions/cs_1", WHOLE, ""),
        ("GET", "/v1/payment_intents/pi_1", {"expand[0]": "latest_charge"}, ""),
        ("GET", "/v1/refunds", by, ""),
        ("GET", "/v1/disputes", by, ""),
    ]


@pytest.mark.parametrize("status", ["requires_capture", "processing", "canceled"])
def test_of_money_that_has_not_come_nobody_asks_what_went_back(stripe, status):
    stripe.answers["/v1/payment_intents/pi_1"] = {**INTENT, "status": status}

    StripeGateway().settlement(Payment(intent_ref="pi_1"))

    assert [path for _, path, *_ in stripe.calls] == ["/v1/payment_intents/pi_1"]


def test_a_stranger_is_looked_for_by_its_session_and_else_by_its_payment(stripe):
    listed = {**NOTHING, "data": [SESSION]}
    stripe.answers |= {"/v1/checkout/sessions": listed, "/v1/checkout/sessions/cs_1": SESSION}
    gateway = StripeGateway()

    assert gateway.stranger({"session": "cs_1", "intent": "pi_1"}).session_ref == "cs_1"
    assert gateway.stranger({"intent": "pi_1"}).session_ref == "cs_1"
    stripe.answers |= {"/v1/checkout/sessions": NOTHING, "/v1/payment_intents/pi_1": {**INTENT, "status": "processing"}}
    told = gateway.stranger({"intent": "pi_1"})

    assert (told.session_ref, told.intent_ref, told.state) == ("", "pi_1", "pending")
    by_payment = ("GET", "/v1/checkout/sessions", {"payment_intent": "pi_1", "limit": "1"}, "")
    assert stripe.calls == [
        ("GET", "/v1/checkout/sessions/cs_1", WHOLE, ""),
        by_payment,
        ("GET", "/v1/checkout/sessions/cs_1", WHOLE, ""),
        by_payment,
        ("GET", "/v1/payment_intents/pi_1", {"expand[0]": "latest_charge"}, ""),
    ]


def test_authorised_money_is_taken_under_a_key_that_each_wish_has_for_itself(stripe):
    stripe.answers["/v1/payment_intents/pi_1/capture"] = INTENT
    asked = datetime(2026, 11, 20, 8, 5, 9, 42, tzinfo=UTC)

    StripeGateway().capture(Payment(intent_ref="pi_1", idempotency_key="order-1-pay-1", capture_asked_at=asked))

    key = "order-1-pay-1-capture-20261120080509000042"
    assert stripe.calls == [("POST", "/v1/payment_intents/pi_1/capture", {}, key)]


@pytest.mark.parametrize(
    ("reason", "word"),
    [("twice", "duplicate"), ("fraud", "fraudulent"), ("goodwill", "requested_by_customer")],
)
def test_a_refund_says_of_what_how_much_and_why_under_its_own_key(stripe, reason, word):
    stripe.answers["/v1/refunds"] = REFUND
    made = Refund(
        payment=Payment(intent_ref="pi_1"),
        order=Order(number="7K2M-9QXD"),
        ref="r-1",
        amount=500,
        currency="EUR",
        reason=reason,
        idempotency_key="refund-1",
    )

    told = StripeGateway().refund(made)

    assert told == ToldRefund("re_1", "", made.money, "pending", "")
    params = {
        "payment_intent": "pi_1",
        "amount": "500",
        "reason": word,
        "metadata[refund_ref]": "r-1",
        "metadata[order_number]": "7K2M-9QXD",
    }
    assert stripe.calls == [("POST", "/v1/refunds", params, "refund-1")]


def test_what_was_missed_is_looked_for_as_far_back_as_stripe_repeats_it(stripe):
    now = int(time.time())

    assert StripeGateway().missed_events() == []

    days = [(now - int(params.pop("created[gte]")) + 5) // 86_400 for _, _, params, _ in stripe.calls]
    types = {f"types[{place}]": kind for place, kind in enumerate(EVENTS)}
    assert days == [30, 3, 3, 30]
    assert stripe.calls == [
        ("GET", "/v1/events", {"limit": "100", "delivery_success": "false", **types}, ""),
        ("GET", "/v1/checkout/sessions", {"limit": "100", "status": "complete"}, ""),
        ("GET", "/v1/refunds", {"limit": "100"}, ""),
        ("GET", "/v1/disputes", {"limit": "100"}, ""),
    ]
