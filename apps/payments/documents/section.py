"""What the buyer sees of documents: on the page of the order, and in the mail about the payment."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.orders.extensions import MailAttachment, OrderSection
from apps.orders.models import Order
from apps.payments.models import Invoice


def documents(order: Order) -> dict[str, Any]:
    """What was issued for the order, oldest first; `awaited` while the invoice of a paid order is being made."""
    if order.payment_state != Order.PaymentState.PAID:
        return {}
    issued = list(order.invoices.defer("content").order_by("pk"))
    cancelled = {document.corrects_id for document in issued if document.kind == Invoice.Kind.CANCELLATION}
    return {"documents": issued, "cancelled": cancelled, "awaited": not issued}


SECTION = OrderSection("payments/partials/documents.html", documents)
INVOICE_IN_MAIL = MailAttachment("payment_received", "payments.invoice", _("Your invoice is attached."))
