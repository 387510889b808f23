"""The one door to Stripe's API: short time-outs, few repeats, and its errors in our three words."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import stripe
from django.conf import settings

from apps.payments.gateways import GatewayRefused, GatewayUnavailable

logger = logging.getLogger("stoa.payments")

stripe.enable_telemetry = False

# Two calls of four seconds at worst: a page that asks once answers within ten.
CONNECT_SECONDS, READ_SECONDS, REPEATS = 3.0, 4.0, 1
_SECRETS = re.compile(r"\b(?:[srp]k_(?:live|test)|whsec)_\w+|\b\w+_secret_\w+")
REPLAYED = "idempotent-replayed"


class GatewayBroken(GatewayUnavailable):
    """Stripe failed while it worked, keeps that answer under the key, and so will say nothing else any more."""


def client(*, patient: bool = True) -> stripe.StripeClient:
    """For the key and address of the settings. `patient=False` is for pages that can do without the answer."""
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE, patient)


@cache
def _client(key: str, base: str, patient: bool) -> stripe.StripeClient:
    timeout = (CONNECT_SECONDS, READ_SECONDS if patient else READ_SECONDS / 2)
    return stripe.StripeClient(
        key,
        base_addresses={"api": base} if base else None,
        max_network_retries=REPEATS if patient else 0,
        http_client=stripe.RequestsClient(timeout=timeout),
    )


def live_mode() -> bool:
    """Whether the key moves real money."""
    return str(settings.STRIPE_SECRET_KEY).startswith(("sk_live_", "rk_live_"))


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Turn the library's errors into GatewayRefused (a definite no) or GatewayUnavailable (unknown, ask again).

    `what` is for the log, which learns the kind of error and Stripe's number of the request, and nothing of a body.
    """
    try:
        yield
    except (stripe.InvalidRequestError, stripe.CardError) as error:
        logger.warning("Stripe refused to %s: %s", what, _kind(error))
        raise GatewayRefused(redacted(error.user_message or _kind(error))) from None
    except stripe.StripeError as error:
        # A wrong key belongs here too: it is mended in the settings, and the same request is then sent again.
        logger.warning("Stripe could not %s: %s", what, _kind(error))
        replayed = (error.http_status or 0) >= 500 and REPLAYED in (error.headers or {})
        raise (GatewayBroken if replayed else GatewayUnavailable)(_kind(error)) from None


def _kind(error: stripe.StripeError) -> str:
    words = [type(error).__name__, str(error.http_status or ""), error.code or "", error.request_id or ""]
    return " ".join(word for word in words if word)


def redacted(text: str) -> str:
    """Without anything that looks like a key or a secret, and short."""
    return _SECRETS.sub("…", text)[:300]
