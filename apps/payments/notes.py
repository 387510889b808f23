from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.core.setup_notes import SetupNote


def payment_notes() -> Iterator[SetupNote]:
    stripe = "stripe" in settings.PAYMENT_METHODS
    if not settings.PAYMENT_METHODS:
        yield SetupNote(_("Payment is not set up: name a method in PAYMENT_METHODS."))
    elif stripe and not settings.STRIPE_SECRET_KEY:
        yield SetupNote(_("Payment by Stripe is not set up: STRIPE_SECRET_KEY is missing."))
    elif stripe and not settings.STRIPE_WEBHOOK_SECRET:
        yield SetupNote(_("Stripe can't tell the shop of payments: STRIPE_WEBHOOK_SECRET is missing."))
    elif "sandbox" in settings.PAYMENT_METHODS:
        yield SetupNote(_("Payments go to the test bank: orders turn paid, but no money moves."))
    elif "_test_" in settings.STRIPE_SECRET_KEY:
        yield SetupNote(_("Stripe is in test mode: orders turn paid, but no money moves."))
    else:
        yield SetupNote(_("Payment is set up."), done=True)
