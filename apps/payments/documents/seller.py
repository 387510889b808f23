"""Who issues the invoices: the shop's legal name, address and tax number, as the shop data in the admin say."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.setup_notes import SetupNote
from apps.pages import shop

DATA = "admin:pages_shop_changelist"
SAMPLE_ADDRESS = ["Sample Trading Ltd", "1 Sample Street", "12345 Sampletown", "Germany"]


def seller() -> dict[str, Any]:
    row = shop.recent().row
    return {"name": row.name, "address": row.legal_lines or SAMPLE_ADDRESS, "vat_id": row.vat_id}


def legal_address() -> list[str]:
    """Legal name first, then a line each; the sample while nothing is set."""
    return shop.current().row.legal_lines or SAMPLE_ADDRESS


def seller_notes() -> Iterator[SetupNote]:
    if legal_address() == SAMPLE_ADDRESS:
        yield SetupNote(
            _("Invoices carry a sample address: write your legal name and address into the shop data."), url_name=DATA
        )
    elif not shop.current().row.vat_id:
        yield SetupNote(
            _("Invoices carry no VAT number: write it into the shop data, unless you have none."), url_name=DATA
        )
    else:
        yield SetupNote(_("Invoices name the seller."), done=True)
