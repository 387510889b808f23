"""What a document says beside its figures, in the language of the order. Stored with it, so it says so for ever."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.payments.models import Invoice

_SHARED: dict[str, str | Promise] = {
    "order": _("Order"),
    "order_date": _("Order date"),
    "vat_id": _("VAT ID"),
    "delivered_to": _("Delivery to"),
    "article": _("Article"),
    "sku": _("SKU"),
    "quantity": _("Quantity"),
    "each": _("Each"),
    "tax_rate": _("Tax rate"),
    "amount": _("Amount"),
    "less_discount": _("less discount"),
    "discount": _("Discount"),
    "delivery": _("Delivery"),
    "goods": _("Goods"),
    "free": _("Free"),
    "tax_added": _("Tax"),
    "taxes": _("Tax in detail"),
    "net": _("Net"),
    "tax": _("Tax"),
    "gross": _("Gross"),
    "untaxed": _("Without tax"),
    "page": _("Page {page} of {pages}"),
    "continued": _("continued"),
}

_INVOICE: dict[str, str | Promise] = {
    "title": _("Invoice"),
    "number": _("Invoice number"),
    "date": _("Invoice date"),
    "supplied": _("Date of supply"),
    "paid": _("Paid on"),
    "total": _("Total"),
    "supply_on_dispatch": _("the day of dispatch"),
    "closing": _("Paid in full. Thank you for your order."),
    "closing_free": _("Nothing to pay. Thank you for your order."),
}

_CREDIT_NOTE: dict[str, str | Promise] = {
    # Translators: German tax law keeps "Gutschrift" for something else; say "Rechnungskorrektur".
    "title": _("Credit note"),
    "number": _("Credit note number"),
    "date": _("Date"),
    "corrects": _("Corrects invoice"),
    "corrects_date": _("Invoice date"),
    "reason": _("Reason"),
    "returned": _("Goods"),
    "reduction": _("Price reduction"),
    "total": pgettext_lazy("credit note", "Credited to you"),
    "closing": _("The amount goes back the way it was paid."),
}

_CANCELLATION: dict[str, str | Promise] = {
    **_CREDIT_NOTE,
    "title": _("Cancelled credit note"),
    "number": _("Cancellation number"),
    "corrects": _("Cancels"),
    "corrects_date": _("Date of it"),
    "total": pgettext_lazy("credit note", "No longer credited"),
    "closing": _("The bank sent this refund back, so the credit note no longer counts."),
}

_OWN = {
    Invoice.Kind.INVOICE: _INVOICE,
    Invoice.Kind.CREDIT_NOTE: _CREDIT_NOTE,
    Invoice.Kind.CANCELLATION: _CANCELLATION,
}


def words(kind: str) -> dict[str, str]:
    """Every label by name, in the active language."""
    labels: Mapping[str, str | Promise] = {**_SHARED, **_OWN[Invoice.Kind(kind)]}
    return {name: str(label) for name, label in labels.items()}
