"""Whether a webhook is Stripe's: its signature over the raw body, under any of our secrets, and its age both ways."""

import json
import time
from typing import Any

import stripe
from django.conf import settings

from apps.payments.stripe.reading import hint_of

HEADER = "Stripe-Signature"
TOLERANCE_SECONDS = 300
_LONGEST_HEADER = 2000


class BadSignature(Exception):
    """The request does not come from Stripe, was changed on its way, or is of another time."""


def secrets() -> list[str]:
    """Two while one is being replaced."""
    return [secret.strip() for secret in settings.STRIPE_WEBHOOK_SECRET if secret.strip()]


def verify(header: str, body: bytes) -> None:
    """Raise BadSignature unless one of the secrets signed these very bytes within the last five minutes."""
    header = header[:_LONGEST_HEADER]
    for secret in secrets():
        try:
            stripe.WebhookSignature.verify_header(body, header, secret, TOLERANCE_SECONDS)
        except (stripe.SignatureVerificationError, ValueError):  # ValueError: the body is no text
            continue
        if _moment(header) <= time.time() + TOLERANCE_SECONDS:  # the library lets the future pass
            return
    raise BadSignature


def _moment(header: str) -> int:
    return next(int(part.partition("=")[2]) for part in header.split(",") if part.startswith("t="))


def parse(body: bytes) -> dict[str, Any]:
    """What the inbox keeps: id, kind, and the ids in it. Raises ValueError for anything that is no event."""
    event = json.loads(body)
    try:
        event_id, kind = event["id"], event["type"]
    except (KeyError, TypeError) as error:
        raise ValueError("This is no event.") from error
    for text, longest in ((event_id, 128), (kind, 64)):
        if not isinstance(text, str) or not 0 < len(text) <= longest or not text.isprintable():
            raise ValueError("This is no event.")
    return {"event_id": event_id, "kind": kind, "payload": hint_of(event)}
