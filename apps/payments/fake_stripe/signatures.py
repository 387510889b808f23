"""The `Stripe-Signature` header: HMAC-SHA256 over `t.body`, one `v1` for each secret that is valid."""

import hashlib
import hmac
import time
from collections.abc import Iterable

HEADER = "Stripe-Signature"
OLD_SECONDS = 301


def sign(body: bytes, secrets: Iterable[str], *, at: int | None = None) -> str:
    """By the real time, never by the fake's clock: the receiver has only the real one."""
    moment = int(time.time()) if at is None else at
    return ",".join([f"t={moment}", *(f"v1={_digest(body, secret, moment)}" for secret in secrets)])


def spoiled(body: bytes, secrets: Iterable[str], kind: str) -> str:
    """A header that must be refused: signed with a foreign secret, or too long ago."""
    if kind == "old_signature":
        return sign(body, secrets, at=int(time.time()) - OLD_SECONDS)
    return sign(body, ["whsec_of_somebody_else"])


def _digest(body: bytes, secret: str, moment: int) -> str:
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
