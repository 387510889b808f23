"""Documents as files of mails. The kinds are what messages store: of an order its invoice, of a refund its note."""

from apps.notifications.attachments import Attachment
from apps.payments.documents.drawing import MEDIA_TYPE, draw
from apps.payments.models import Invoice, Refund
from apps.payments.services.invoicing import issue_credit_note, issue_invoice

INVOICE = "payments.invoice"  # reference: the order's primary key
CREDIT_NOTE = "payments.credit_note"  # reference: the refund's ref


def invoice_file(order_id: str) -> Attachment:
    """The invoice of the order, issued now if its own job was slower than the mail. Raises NothingToInvoice."""
    return _file(issue_invoice(order_id=int(order_id)))


def credit_note_file(refund_ref: str) -> Attachment | None:
    """The credit note of the refund, issued now if need be; None for a refund that needs none."""
    refund_id = Refund.unscoped.values_list("pk", flat=True).get(ref=refund_ref)
    note = issue_credit_note(refund_id=refund_id)
    return _file(note) if note else None


def _file(document: Invoice) -> Attachment:
    return Attachment(document.filename, draw(document), MEDIA_TYPE)
