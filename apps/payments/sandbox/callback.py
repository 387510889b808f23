"""The bank calls the shop: over HTTP, signed, as a provider outside would. Never inside a transaction."""

import json
import time
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from apps.payments.models import SandboxTransaction
from apps.payments.sandbox import signature

TIMEOUT_SECONDS = 10


class Undelivered(Exception):
    """The shop did not take the event in; the job tries again later."""


def event_body(entry: SandboxTransaction, *, event_id: str, outcome: str) -> bytes:
    event = {
        "id": event_id,
        "type": f"payment.{outcome}",
        "created": int(time.time()),
        "data": {
            "payment": entry.payment_ref,
            "reference": entry.description,
            "amount": entry.amount,
            "currency": entry.currency,
        },
    }
    return json.dumps(event).encode()


def call_shop(body: bytes) -> None:
    """POST the event to the shop's own address. Raises Undelivered unless it answers 2xx, OSError without answer."""
    site = urlsplit(settings.SITE_URL)
    connect = HTTPSConnection if site.scheme == "https" else HTTPConnection
    connection = connect(str(site.hostname), site.port, timeout=TIMEOUT_SECONDS)
    headers = {"Content-Type": "application/json", signature.HEADER: signature.sign(body)}
    try:
        connection.request("POST", reverse("payments:sandbox-webhook"), body, headers)
        answer = connection.getresponse()
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        raise Undelivered(f"The shop answered {answer.status}.")
