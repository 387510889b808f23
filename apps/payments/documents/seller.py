"""Who issues the invoices: the shop's legal name, address and tax number, from the settings."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.core.setup_notes import SetupNote

SAMPLE_ADDRESS = ["Sample Trading Ltd", "1 Sample Street", "12345 Sampletown", "Germany"]


def seller() -> dict[str, Any]:
    return {"name": settings.SHOP_NAME, "address": legal_address(), "vat_id": settings.SHOP_VAT_ID}


def legal_address() -> list[str]:
    """Legal name first, then a line each; the sample while nothing is set."""
    lines = [line.strip() for line in settings.SHOP_LEGAL_ADDRESS]
    return [line for line in lines if line] or SAMPLE_ADDRESS


def seller_notes() -> Iterator[SetupNote]:
    if legal_address() == SAMPLE_ADDRESS:
        yield SetupNote(_("Invoices carry a sample address: set SHOP_LEGAL_ADDRESS to your legal name and address."))
    elif not settings.SHOP_VAT_ID:
        yield SetupNote(_("Invoices carry no VAT ID: set SHOP_VAT_ID, unless you have none."))
    else:
        yield SetupNote(_("Invoices name the seller."), done=True)
