"""How the test bank proves that a webhook is its own: `t=<unix seconds>,v1=<HMAC-SHA256 of "t.body">`.

The secret comes from SECRET_KEY, so there is nothing to set up; a key that is being replaced still counts.
"""

import hashlib
import hmac
import time

from django.conf import settings

HEADER = "Test-Bank-Signature"
TOLERANCE_SECONDS = 300
_LONGEST_HEADER = 1000


class BadSignature(Exception):
    """The request does not come from the bank, was changed on its way, or is too old."""


def sign(body: bytes, *, at: int | None = None) -> str:
    moment = int(time.time()) if at is None else at
    return f"t={moment},v1={_digest(settings.SECRET_KEY, moment, body)}"


def verify(header: str, body: bytes) -> None:
    """Raise BadSignature unless the header signs these very bytes and is at most five minutes old."""
    moment, signatures = _parse(header)
    if abs(time.time() - moment) > TOLERANCE_SECONDS:
        raise BadSignature
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    expected = [_digest(key, moment, body).encode() for key in keys]
    given = [signature.encode() for signature in signatures]
    if not any(hmac.compare_digest(ours, theirs) for ours in expected for theirs in given):
        raise BadSignature


def _parse(header: str) -> tuple[int, list[str]]:
    moments: list[str] = []
    signatures: list[str] = []
    for part in header[:_LONGEST_HEADER].split(","):
        name, _, value = part.strip().partition("=")
        if name == "t":
            moments.append(value)
        elif name == "v1":
            signatures.append(value)
    if len(moments) != 1 or not moments[0].isascii() or not moments[0].isdigit() or len(moments[0]) > 12:
        raise BadSignature
    return int(moments[0]), signatures


def _digest(key: str, moment: int, body: bytes) -> str:
    secret = hmac.digest(key.encode(), b"stoa.payments.sandbox.webhook", hashlib.sha256)
    return hmac.new(secret, f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
