"""What the buyer sees of documents: on the page of the order, and in the mail about the payment."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.orders.extensions import MailAttachment, OrderSection
from apps.orders.models import Order


def documents(order: Order) -> dict[str, Any]:
    """What was issued for the order, oldest first; `awaited` while the invoice of a paid order is being made."""
    if order.payment_state != Order.PaymentState.PAID:
        return {}
    issued = list(order.invoices.defer("content").order_by("pk"))
    return {"documents": issued, "awaited": not issued}


SECTION = OrderSection("payments/partials/documents.html", documents)
INVOICE_IN_MAIL = MailAttachment("payment_received", "payments.invoice", _("Your invoice is attached."))
