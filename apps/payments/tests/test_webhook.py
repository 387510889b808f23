import json
import time

import pytest

from apps.jobs.models import Job
from apps.payments.models import WebhookEvent
from apps.payments.sandbox import signature

pytestmark = pytest.mark.django_db

URL = "/payments/sandbox/webhook/"
EVENT = {"id": "evt_1", "type": "payment.succeeded", "data": {"payment": "ref-1", "amount": 3688}}


def call(client, body: bytes | None = None, *, header: str | None = None, **event):
    body = json.dumps({**EVENT, **event}).encode() if body is None else body
    header = signature.sign(body) if header is None else header
    return client.post(URL, body, content_type="application/json", headers={signature.HEADER: header})


def nothing_was_kept() -> bool:
    return not WebhookEvent.objects.exists() and not Job.objects.exists()


def test_a_signed_event_is_kept_and_its_job_is_asked_for(client):
    answer = call(client)

    event = WebhookEvent.objects.get()
    assert answer.status_code == 200
    assert (event.provider, event.event_id, event.kind) == ("sandbox", "evt_1", "payment.succeeded")
    assert event.payload == {"payment": "ref-1"}
    assert event.applied_at is None
    assert Job.objects.get().args_kwargs["args"] == [event.pk]


def test_a_repeated_event_is_answered_and_does_nothing(client):
    call(client)
    answer = call(client)

    assert answer.status_code == 200
    assert WebhookEvent.objects.count() == 1
    assert Job.objects.count() == 1


def test_a_webhook_needs_no_csrf_token():
    from django.test import Client

    assert call(Client(enforce_csrf_checks=True)).status_code == 200


@pytest.mark.parametrize("header", ["", "t=1,v1=00", "nonsense"])
def test_a_bad_signature_is_refused_and_leaves_no_row(client, header):
    assert call(client, header=header).status_code == 400
    assert nothing_was_kept()


def test_an_old_signature_is_refused(client):
    body = json.dumps(EVENT).encode()

    assert call(client, body, header=signature.sign(body, at=int(time.time()) - 303)).status_code == 400
    assert nothing_was_kept()


def test_a_body_that_was_changed_by_one_byte_is_refused(client):
    body = json.dumps(EVENT).encode()

    assert call(client, body.replace(b"ref-1", b"ref-2"), header=signature.sign(body)).status_code == 400
    assert nothing_was_kept()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"null",
        b'"text"',
        b'{"id": "evt_1"}',
        b'{"id": 7, "type": "a", "data": {"payment": "b"}}',
        b'{"id": "", "type": "a", "data": {"payment": "b"}}',
        b'{"id": "a\\u0000b", "type": "a", "data": {"payment": "b"}}',
        b'{"id": "a", "type": "a", "data": []}',
        json.dumps({**EVENT, "id": "x" * 129}).encode(),
        json.dumps({**EVENT, "type": "x" * 65}).encode(),
        json.dumps({**EVENT, "data": {"payment": "x" * 33}}).encode(),
        b"\xff\xfe",
    ],
)
def test_a_signed_body_that_is_no_event_is_refused(client, body):
    assert call(client, body).status_code == 400
    assert nothing_was_kept()


def test_a_body_beyond_256_kibibytes_is_refused_unread(client):
    assert call(client, b" " * (256 * 1024 + 1)).status_code == 413
    assert nothing_was_kept()


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "options"])
def test_only_post_is_answered(client, method):
    assert getattr(client, method)(URL).status_code == 405


def test_without_the_test_bank_there_is_no_webhook(client, monkeypatch):
    monkeypatch.setattr("apps.orders.extensions._payment_methods", {})

    assert call(client).status_code == 404
    assert nothing_was_kept()


def test_keeping_an_event_costs_few_queries(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        call(client)
