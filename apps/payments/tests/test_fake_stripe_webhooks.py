"""The fake Stripe delivers signed events, again and again, in any order, and as badly as it is told to."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import stripe as sdk

from apps.payments.fake_stripe import FakeStripe, cards
from apps.payments.fake_stripe.delivery import RETRY_AFTER
from apps.payments.tests.test_fake_stripe import client_of, open_session


class Inbox:
    """A receiver that keeps what it gets and answers as told."""

    def __init__(self):
        self.status = 200
        self.got = []

    def __call__(self, body, headers):
        self.got.append((body, headers["Stripe-Signature"]))
        return self.status

    @property
    def types(self):
        return [json.loads(body)["type"] for body, _ in self.got]


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
def fake(inbox):
    with FakeStripe(deliver=inbox) as fake:
        yield fake


@pytest.fixture
def client(fake):
    return client_of(fake)


PAID = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]


def pay(client, fake, **params):
    session = open_session(client, **params)
    fake.control.pay(session.id)
    return session


def accepted(inbox, secret="whsec_fake", place=0):
    body, signature = inbox.got[place]
    try:
        return sdk.Webhook.construct_event(body, signature, secret).id
    except sdk.SignatureVerificationError as error:
        return str(error).partition(" (")[0]


def test_an_event_shows_the_object_as_it_was_and_is_signed(client, fake, inbox):
    session = open_session(client, key="order-1-pay-1")
    client.v1.checkout.sessions.expire(session.id, {}, {"idempotency_key": "order-1-expire"})
    assert fake.control.deliver() == [
        {"event": fake.control.events()[0]["id"], "type": "checkout.session.expired", "status": 200}
    ]
    event = sdk.Webhook.construct_event(*inbox.got[0], fake.secret)
    assert (event.object, event.type, event.livemode) == ("event", "checkout.session.expired", False)
    assert (event.data.object.id, event.data.object.status) == (session.id, "expired")
    assert event.request.idempotency_key == "order-1-expire"
    assert "_lines" not in json.loads(inbox.got[0][0])["data"]["object"]


def test_nothing_is_delivered_by_itself_to_a_callable(client, fake, inbox):
    pay(client, fake)
    assert inbox.got == []
    fake.control.deliver()
    assert inbox.types == PAID
    assert fake.control.deliver() == []


@pytest.mark.parametrize(
    ("order", "delivered"),
    [
        ("reversed", PAID[::-1]),
        (["checkout.session.completed", "charge.succeeded"], [PAID[3], PAID[1], PAID[0], PAID[2]]),
    ],
)
def test_held_events_come_in_the_order_that_is_asked_for(client, fake, inbox, order, delivered):
    pay(client, fake)
    fake.control.deliver(order)
    assert inbox.types == delivered


def test_an_event_that_is_not_taken_comes_again_until_it_is(client, fake, inbox):
    session = open_session(client)
    client.v1.checkout.sessions.expire(session.id)
    inbox.status = 503
    fake.control.deliver()
    assert fake.control.deliver_due() == []
    fake.control.advance(RETRY_AFTER[0])
    assert [row["status"] for row in fake.control.deliver_due()] == [503]
    assert fake.control.events()[0]["pending_webhooks"] == 1
    inbox.status = 200
    fake.control.advance(RETRY_AFTER[1])
    assert [row["status"] for row in fake.control.deliver_due()] == [200]
    assert fake.control.deliveries()[0]["attempts"] == [503, 503, 200]
    assert fake.control.events()[0]["pending_webhooks"] == 0
    assert inbox.types == ["checkout.session.expired"] * 3


def test_after_three_days_an_event_is_given_up_but_still_listed(client, fake, inbox):
    session = open_session(client)
    client.v1.checkout.sessions.expire(session.id)
    inbox.status = 500
    fake.control.deliver()
    for seconds in RETRY_AFTER:
        fake.control.advance(seconds)
        fake.control.deliver_due()
    assert sum(RETRY_AFTER) > 2.5 * 86400
    assert fake.control.deliveries()[0]["state"] == "failed"
    assert fake.control.deliver() == []
    listed = client.v1.events.list({"delivery_success": False, "type": "checkout.session.*"})
    assert [event.data.object.id for event in listed.data] == [session.id]
    assert list(client.v1.events.list({"delivery_success": True}).data) == []


def test_a_redirect_is_no_success(client, fake, inbox):
    pay(client, fake)
    inbox.status = 302
    fake.control.deliver()
    assert {row["state"] for row in fake.control.deliveries()} == {"pending"}


def test_two_secrets_sign_during_a_rotation(client, fake, inbox):
    pay(client, fake)
    fake.control.rotate("whsec_new", "whsec_old")
    fake.control.deliver()
    event = fake.control.events()[0]["id"]
    assert inbox.got[0][1].count("v1=") == 2
    assert accepted(inbox, "whsec_new") == accepted(inbox, "whsec_old") == event
    assert accepted(inbox, "whsec_fake").startswith("No signatures found matching")


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("wrong_signature", "No signatures found matching the expected signature for payload"),
        ("old_signature", "Timestamp outside the tolerance zone"),
    ],
)
def test_a_bad_signature_is_refused_and_the_retry_is_good(client, fake, inbox, kind, reason):
    fake.control.fault(kind, on="checkout.session.expired")
    client.v1.checkout.sessions.expire(open_session(client).id)
    inbox.status = 400
    fake.control.deliver()
    assert accepted(inbox) == reason
    inbox.status = 200
    fake.control.deliver()
    assert accepted(inbox, place=1) == fake.control.events()[0]["id"]


def test_an_event_can_come_five_times(client, fake, inbox):
    fake.control.fault("duplicate", on="payment_intent.succeeded", copies=4)
    pay(client, fake)
    fake.control.deliver()
    assert inbox.types.count("payment_intent.succeeded") == 5
    assert len({body for body, _ in inbox.got}) == 4


def test_an_event_can_be_overtaken_by_the_next(client, fake, inbox):
    fake.control.fault("reorder", on="payment_intent.succeeded")
    pay(client, fake)
    fake.control.deliver_due()
    assert inbox.types == [PAID[0], PAID[1], PAID[3], PAID[2]]


def test_an_overtaken_event_that_has_come_does_not_come_again(client, fake, inbox):
    fake.control.fault("reorder", on="checkout.session.expired")
    client.v1.checkout.sessions.expire(open_session(client).id)
    fake.control.deliver()
    client.v1.checkout.sessions.expire(open_session(client).id)
    fake.control.deliver()
    assert inbox.types == ["checkout.session.expired"] * 2
    assert len({body for body, _ in inbox.got}) == 2


def test_an_event_can_come_late(client, fake, inbox):
    fake.control.fault("delay", on="payment_intent.succeeded", seconds=3600)
    pay(client, fake)
    fake.control.deliver_due()
    assert inbox.types == [PAID[0], PAID[1], PAID[3]]
    fake.control.advance(3600)
    fake.control.deliver_due()
    assert inbox.types[-1] == "payment_intent.succeeded"


def test_every_event_can_be_lost_and_still_be_listed(client, fake, inbox):
    fake.control.fault("drop", count=None)
    session = pay(client, fake)
    fake.control.advance(3 * 86400)
    assert fake.control.deliver() == []
    assert inbox.got == []
    assert [event.type for event in client.v1.events.list({"delivery_success": False}).data] == PAID[::-1]
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_one_attempt_can_be_lost_on_the_way(client, fake, inbox):
    fake.control.fault("lose_attempt", on="payment_intent.succeeded")
    pay(client, fake)
    fake.control.deliver()
    assert "payment_intent.succeeded" not in inbox.types
    fake.control.deliver()
    assert inbox.types[-1] == "payment_intent.succeeded"


def test_a_test_can_deliver_by_itself_as_often_as_it_likes(client, fake, inbox):
    pay(client, fake)
    for event in fake.control.events():
        body, headers = fake.control.signed(event["id"])
        assert sdk.Webhook.construct_event(body, headers["Stripe-Signature"], fake.secret).id == event["id"]


def test_events_are_listed_by_type_and_fetched_by_id(client, fake):
    pay(client, fake)
    listed = client.v1.events.list({"types": ["charge.succeeded", "payment_intent.succeeded"]})
    assert [event.type for event in listed.data] == ["payment_intent.succeeded", "charge.succeeded"]
    assert client.v1.events.retrieve(listed.data[0].id).type == "payment_intent.succeeded"
    with pytest.raises(sdk.InvalidRequestError, match="only specify one"):
        client.v1.events.list({"type": "charge.*", "types": ["charge.succeeded"]})


@pytest.fixture
def receiver():
    got = []

    class Receiver(BaseHTTPRequestHandler):
        statuses = []

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((body, self.headers["Stripe-Signature"]))
            self.send_response(self.statuses.pop(0) if self.statuses else 200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    server.got, server.statuses = got, Receiver.statuses
    server.url = f"http://127.0.0.1:{server.server_address[1]}/payments/stripe/webhook/"
    yield server
    server.shutdown()
    server.server_close()


def test_events_are_posted_at_once_and_retried_when_they_are_due(receiver):
    with FakeStripe(webhook_url=receiver.url, couriers=2) as fake:
        receiver.statuses.append(500)
        client_of(fake).v1.checkout.sessions.expire(open_session(client_of(fake)).id)
        assert fake.control.idle()
        assert len(receiver.got) == 1
        fake.control.advance(RETRY_AFTER[0])
        assert fake.control.idle()
        assert fake.control.deliveries()[0]["attempts"] == [500, 200]
    assert len(receiver.got) == 2
    assert sdk.Webhook.construct_event(*receiver.got[1], "whsec_fake").type == "checkout.session.expired"


def test_held_back_events_wait_for_the_release(receiver):
    with FakeStripe(webhook_url=receiver.url) as fake:
        fake.control.hold()
        fake.control.pay(open_session(client_of(fake)).id)
        assert receiver.got == []
        fake.control.deliver("reversed")
        assert [json.loads(body)["type"] for body, _ in receiver.got] == PAID[::-1]
        fake.control.pay(open_session(client_of(fake)).id, card=cards.DECLINED)
        fake.control.release()
        assert fake.control.idle()
        assert len(receiver.got) == 4 + 3


def test_several_couriers_deliver_each_event_once(receiver):
    with FakeStripe(webhook_url=receiver.url, couriers=4) as fake:
        for _ in range(20):
            client_of(fake).v1.payment_intents.create({"amount": 500, "currency": "eur"})
        assert fake.control.idle()
    assert len(receiver.got) == len({body for body, _ in receiver.got}) == 20


def test_a_delivery_that_is_under_way_or_done_is_not_attempted_again(client, fake, inbox):
    client.v1.checkout.sessions.expire(open_session(client).id)
    waiting = fake.courier.pending()[0]
    answers = []

    def deliver(body, headers):
        answers.append(fake.courier.attempt(waiting))
        return 200

    fake.courier.deliver = deliver
    assert fake.courier.attempt(waiting) == 200
    assert fake.courier.attempt(waiting) is None
    assert answers == [None]
    assert fake.control.deliver() == []


def test_what_two_threads_deliver_at_once_is_reported_by_one(client, fake, inbox):
    pay(client, fake)
    first, *rest = fake.courier.pending()
    fake.courier.attempt(first)
    assert fake.control._attempt([first]) == []
    assert len(rest) == 3


def test_a_receiver_that_is_not_there_is_tried_again(receiver):
    receiver.shutdown()
    receiver.server_close()
    with FakeStripe(webhook_url=receiver.url) as fake:
        client_of(fake).v1.checkout.sessions.expire(open_session(client_of(fake)).id)
        assert fake.control.idle()
        assert fake.control.deliveries()[0]["state"] == "pending"
        assert fake.control.deliveries()[0]["attempts"] == [0]
