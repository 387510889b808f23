"""What the test bank sends to the shop, to the letter, and what it makes of the answer."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from apps.core import crash
from apps.payments import tasks
from apps.payments.sandbox import callback, signature
from apps.payments.tests.factories import book_entry, make_payment

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]


@pytest.fixture
def shop(settings):
    """Stands where the shop is called: keeps what comes, and answers by the number that the test sets."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.calls.append((self.path, dict(self.headers), body))
            self.send_response(self.server.status)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Door) as server:
        server.calls, server.status = [], 200
        settings.SITE_URL = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_an_event_names_what_was_decided_and_of_which_payment():
    payment = make_payment()
    before = int(time.time())

    event = json.loads(callback.event_body(book_entry(payment), event_id="evt_1", outcome="succeeded"))

    assert before <= event.pop("created") <= time.time()
    assert event == {
        "id": "evt_1",
        "type": "payment.succeeded",
        "data": {
            "payment": payment.ref,
            "reference": payment.order.number,
            "amount": 3688,
            "currency": "EUR",
        },
    }


def test_the_shop_is_called_by_a_signed_post_between_two_points_at_which_the_bank_may_die(shop, monkeypatch):
    entry = book_entry(make_payment())
    passed = []
    monkeypatch.setattr(crash, "point", lambda name: passed.append((name, len(shop.calls))))

    tasks.deliver_webhook.call(entry.pk, "evt_1", "declined")

    ((path, headers, body),) = shop.calls
    assert path == "/payments/sandbox/webhook/"
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body)["type"] == "payment.declined"
    signature.verify(headers[signature.HEADER], body)
    assert passed == [("payments.deliver.before_call", 0), ("payments.deliver.after_call", 1)]


@pytest.mark.parametrize("status", [200, 204, 299])
def test_any_yes_of_the_shop_is_one(shop, status):
    shop.status = status
    callback.call_shop(b"{}")


@pytest.mark.parametrize("status", [302, 300, 400, 500])
def test_any_other_answer_is_a_reason_to_come_again(shop, status):
    shop.status = status
    with pytest.raises(callback.Undelivered, match=rf"^The shop answered {status}\.$"):
        callback.call_shop(b"{}")
