"""Stripe's webhook: believed only if signed, kept before it is understood, answered before anything is done."""

import json
import time

import pytest
import stripe as sdk

from apps.jobs.models import Job
from apps.payments.models import WebhookEvent
from apps.payments.tests.stripe.shop import fresh, kinds, order_of, started, take_in, work

pytestmark = pytest.mark.django_db

URL = "/payments/stripe/webhook/"


def event_body(**changes) -> bytes:
    session = {"object": "checkout.session", "id": "cs_test_1", "payment_intent": "pi_1", "metadata": {}}
    event = {
        "id": "evt_1",
        "type": "checkout.session.completed",
        "livemode": False,
        "data": {"object": session},
        **changes,
    }
    return json.dumps(event).encode()


def signature(body: bytes, *, secret: str = "whsec_fake", at: int | None = None) -> str:
    return sdk.WebhookSignature.generate_signature_header(body.decode("utf-8", "surrogateescape"), secret, at)


def call(client, body: bytes, header: str | None = None):
    header = signature(body) if header is None else header
    return client.post(URL, body, content_type="application/json", headers={"Stripe-Signature": header})


def nothing_was_kept() -> bool:
    return not WebhookEvent.objects.exists() and not Job.objects.exists()


def test_a_signed_event_is_kept_by_its_ids_alone_and_its_job_is_asked_for(client):
    answer = call(client, event_body())

    event = WebhookEvent.objects.get()
    assert answer.status_code == 200
    assert (event.provider, event.event_id, event.kind) == ("stripe", "evt_1", "checkout.session.completed")
    assert event.payload == {
        "livemode": False,
        "object": "checkout.session",
        "id": "cs_test_1",
        "session": "cs_test_1",
        "intent": "pi_1",
        "payment": "",
    }
    assert Job.objects.get().args_kwargs["args"] == [event.pk]


def test_the_same_event_again_is_answered_and_does_nothing(client):
    body = event_body()

    assert [call(client, body).status_code for _ in range(5)] == [200] * 5
    assert (WebhookEvent.objects.count(), Job.objects.count()) == (1, 1)


def test_a_webhook_needs_no_csrf_token():
    from django.test import Client

    assert call(Client(enforce_csrf_checks=True), event_body()).status_code == 200


def bad_headers() -> dict[str, str]:
    body = event_body()
    now = int(time.time())
    digest = signature(body).partition("v1=")[2]
    return {
        "missing": "",
        "nonsense": "nonsense",
        "foreign secret": signature(body, secret="whsec_other"),
        "old": signature(body, at=now - 302),
        "future": signature(body, at=now + 330),
        "v0 only": f"t={now},v0={digest}",
        "no time": f"v1={digest}",
        "time is no number": f"t=soon,v1={digest}",
        "empty signature": f"t={now},v1=",
        "another time than was signed": f"t={now - 5},v1={digest}",
    }


@pytest.mark.parametrize("name", bad_headers())
def test_a_bad_signature_is_refused_and_leaves_no_row_and_no_word_in_the_log(client, caplog, name):
    answer = call(client, event_body(), header=bad_headers()[name])

    assert answer.status_code == 400
    assert nothing_was_kept()
    assert "cs_test_1" not in caplog.text


def test_a_body_that_was_changed_by_one_byte_is_refused(client):
    body = event_body()

    assert call(client, body.replace(b"cs_test_1", b"cs_test_2"), header=signature(body)).status_code == 400
    assert nothing_was_kept()


def test_a_bad_signature_is_refused_before_a_single_query(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert call(client, event_body(), header="t=1,v1=00").status_code == 400


def test_two_secrets_count_while_one_is_replaced_and_the_old_one_ends_with_the_setting(client, settings):
    settings.STRIPE_WEBHOOK_SECRET = ["whsec_new", "whsec_fake"]
    first, second, third = (event_body(id=f"evt_{number}") for number in range(3))

    assert call(client, first, signature(first, secret="whsec_fake")).status_code == 200
    assert call(client, second, signature(second, secret="whsec_new")).status_code == 200

    settings.STRIPE_WEBHOOK_SECRET = ["whsec_new"]
    assert call(client, third, signature(third, secret="whsec_fake")).status_code == 400
    assert WebhookEvent.objects.count() == 2


def test_a_header_with_two_signatures_of_a_rotation_is_accepted(stripe):
    stripe.control.rotate("whsec_next", "whsec_fake")
    payment = started()
    stripe.control.pay(payment.session_ref)

    assert {row["status"] for row in stripe.control.deliver()} == {200}


@pytest.mark.parametrize("secrets", [[], [""], [" "]])
def test_without_a_secret_nothing_is_accepted(client, settings, secrets):
    settings.STRIPE_WEBHOOK_SECRET = secrets
    body = event_body()

    assert call(client, body, signature(body, secret="x")).status_code == 503
    assert nothing_was_kept()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"null",
        b"[" * 5000,
        b'{"id": "evt_1"}',
        event_body(id=7),
        event_body(id=""),
        event_body(id="a\x00b"),
        event_body(id="x" * 129),
        event_body(type="x" * 65),
        event_body(data=[]),
        event_body(data={"object": {"object": "checkout.session", "id": "x" * 300}}),
        event_body(data={"object": {"object": "checkout.session", "id": 5}}),
        event_body(data={"object": {"object": "charge", "id": "ch_1", "payment_intent": ["pi_1"]}}),
    ],
)
def test_a_signed_body_that_is_no_event_is_refused(client, body):
    assert call(client, body).status_code == 400
    assert nothing_was_kept()


def test_a_body_that_is_no_text_is_refused(client):
    assert call(client, b"\xff\xfe", header="t=1,v1=00").status_code == 400


def test_a_body_beyond_256_kibibytes_is_refused_unread(client):
    assert call(client, b" " * (256 * 1024 + 1)).status_code == 413
    assert nothing_was_kept()


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "options"])
def test_only_post_is_answered(client, method):
    assert getattr(client, method)(URL).status_code == 405


def test_keeping_an_event_costs_few_queries(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        call(client, event_body())


@pytest.mark.parametrize(
    ("kind", "raw", "kept"),
    [
        ("payment_intent.succeeded", {"object": "payment_intent", "id": "pi_1"}, {"intent": "pi_1", "payment": ""}),
        ("charge.refunded", {"object": "charge", "id": "ch_1", "payment_intent": "pi_1"}, {"intent": "pi_1"}),
        ("refund.updated", {"object": "refund", "id": "re_1", "payment_intent": None}, {"intent": ""}),
        (
            "charge.dispute.created",
            {"object": "dispute", "id": "dp_1", "payment_intent": {"id": "pi_1"}},
            {"intent": "pi_1"},
        ),
        ("customer.created", {"object": "customer", "id": "cus_1"}, {}),
    ],
)
def test_of_every_object_only_references_are_kept(client, kind, raw, kept):
    secret = {"client_secret": "pi_1_secret_abc", "metadata": {}, "card": {"last4": "4242"}}

    call(client, event_body(type=kind, data={"object": {**raw, **secret}}))

    stored = WebhookEvent.objects.get().payload
    assert stored == {"livemode": False, "object": raw["object"], "id": raw["id"], **kept}


def test_an_event_of_the_other_mode_moves_nothing(client, stripe):
    payment = started()
    stripe.control.pay(payment.session_ref)
    body = event_body(livemode=True, data={"object": {"object": "checkout.session", "id": payment.session_ref}})

    call(client, body)
    work()

    assert WebhookEvent.objects.get().outcome == "an event of the other mode (test or live)"
    assert (fresh(payment).state, order_of(payment).status) == ("created", "awaiting_payment")


def test_an_event_about_something_else_is_kept_and_left(client):
    call(client, event_body(type="customer.created", data={"object": {"object": "customer", "id": "cus_1"}}))
    work()

    assert WebhookEvent.objects.get().outcome == "not about a payment"


@pytest.mark.parametrize("kind", ["duplicate", "reorder"])
def test_events_that_come_twice_or_in_another_order_have_one_effect(stripe, kind):
    stripe.control.fault(kind, count=None, copies=5)
    payment = started()
    stripe.control.pay(payment.session_ref)

    take_in(stripe)
    take_in(stripe)

    assert fresh(payment).state == "succeeded"
    assert kinds(order_of(payment)) == ["payment_started", "paid"]
