from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.core.setup_notes import SetupNote


def payment_notes() -> Iterator[SetupNote]:
    if not settings.PAYMENT_METHODS:
        yield SetupNote(_("Payment is not set up: name a method in PAYMENT_METHODS."))
    elif "sandbox" in settings.PAYMENT_METHODS:
        yield SetupNote(_("Payments go to the test bank: orders turn paid, but no money moves."))
    else:
        yield SetupNote(_("Payment is set up."), done=True)
