"""System checks: keys that are missing, of the wrong mode, or sent to the wrong place are said at start-up."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks

METHODS = frozenset({"sandbox", "stripe"})
CAPTURES = frozenset({"automatic", "manual"})
STRIPE_HOST = "api.stripe.com"
_LIVE, _TEST = ("sk_live_", "rk_live_"), ("sk_test_", "rk_test_")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def check_methods(**kwargs: Any) -> list[checks.CheckMessage]:
    """A misspelt method would be a checkout without a way to pay."""
    return [
        checks.Error(
            f"PAYMENT_METHODS names {code!r}, which is no way to pay.",
            hint=f"Known: {', '.join(sorted(METHODS))}.",
            id="payments.E001",
        )
        for code in settings.PAYMENT_METHODS
        if code not in METHODS
    ]


def check_stripe(**kwargs: Any) -> list[checks.CheckMessage]:
    """What is set must fit together; no message repeats a key."""
    if "stripe" not in settings.PAYMENT_METHODS or not settings.STRIPE_SECRET_KEY:
        return []
    return [*_wrong_keys(settings.STRIPE_SECRET_KEY), *_wrong_secrets(), *_wrong_address(), *_wrong_capture()]


def _wrong_keys(key: str) -> Iterator[checks.CheckMessage]:
    if not key.startswith((*_LIVE, *_TEST)):
        yield checks.Error(
            "STRIPE_SECRET_KEY is no secret key.",
            hint="It begins with sk_live_, rk_live_, sk_test_ or rk_test_. A pk_ key is for browsers.",
            id="payments.E004",
        )
    elif key.startswith(_LIVE) and settings.DEBUG:
        yield checks.Error(
            "STRIPE_SECRET_KEY moves real money, but this is a development server.",
            hint="Use a test key (sk_test_…) here.",
            id="payments.E005",
        )


def _wrong_secrets() -> Iterator[checks.CheckMessage]:
    if not settings.STRIPE_WEBHOOK_SECRET:
        yield checks.Error(
            "STRIPE_WEBHOOK_SECRET is missing: Stripe's word that an order is paid would be refused.",
            hint="Stripe shows it beside the webhook endpoint; it begins with whsec_.",
            id="payments.E003",
        )
    elif not all(secret.strip().startswith("whsec_") for secret in settings.STRIPE_WEBHOOK_SECRET):
        yield checks.Error(
            "STRIPE_WEBHOOK_SECRET holds something that is no webhook secret.",
            hint="One begins with whsec_; two, separated by a comma, are for the days of a change.",
            id="payments.E006",
        )


def _wrong_address() -> Iterator[checks.CheckMessage]:
    if not settings.STRIPE_API_BASE:
        return
    site = urlsplit(settings.STRIPE_API_BASE)
    if settings.STRIPE_SECRET_KEY.startswith(_LIVE) and site.hostname != STRIPE_HOST:
        yield checks.Error(
            "STRIPE_API_BASE sends a live key to another place than Stripe.",
            hint="Leave STRIPE_API_BASE empty; it is for the fake Stripe of tests and development.",
            id="payments.E007",
        )
    elif site.scheme != "https" and site.hostname not in _LOOPBACK:
        yield checks.Error(
            "STRIPE_API_BASE must begin with https:// unless it names a loopback host.", id="payments.E008"
        )


def _wrong_capture() -> Iterator[checks.CheckMessage]:
    if settings.STRIPE_CAPTURE not in CAPTURES:
        yield checks.Error(
            f"STRIPE_CAPTURE is {settings.STRIPE_CAPTURE!r}.",
            hint=f"Known: {', '.join(sorted(CAPTURES))}.",
            id="payments.E009",
        )


def check_stripe_deploy(**kwargs: Any) -> list[checks.CheckMessage]:
    if "stripe" not in settings.PAYMENT_METHODS:
        return []
    if not settings.STRIPE_SECRET_KEY:
        return [
            checks.Error(
                "PAYMENT_METHODS names stripe, but STRIPE_SECRET_KEY is missing: nobody can pay by it.",
                hint="Set the key, or name other methods.",
                id="payments.E002",
            )
        ]
    if settings.STRIPE_SECRET_KEY.startswith(_TEST) and settings.SITE_IS_SECURE:
        return [
            checks.Warning(
                "STRIPE_SECRET_KEY is a test key: orders turn paid, but no money moves.",
                hint="Fine for a trial. Set the live key before the first real order.",
                id="payments.W002",
            )
        ]
    return []


def check_sandbox(**kwargs: Any) -> list[checks.CheckMessage]:
    if "sandbox" not in settings.PAYMENT_METHODS or settings.DEBUG:
        return []
    return [
        checks.Warning(
            "PAYMENT_METHODS names the sandbox: everybody can take goods without paying.",
            hint="Fine for a demonstration. Take it out before the first real order.",
            id="payments.W001",
        )
    ]


def register_checks() -> None:
    checks.register(check_methods)
    checks.register(check_stripe)
    checks.register(check_sandbox, checks.Tags.security, deploy=True)
    checks.register(check_stripe_deploy, checks.Tags.security, deploy=True)
