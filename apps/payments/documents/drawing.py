"""The way to the PDF library, taken when a document is first drawn: its font engine fills 25 MiB of a process that
needs none of it to sell."""

from apps.payments.models import Invoice

MEDIA_TYPE = "application/pdf"


def draw(invoice: Invoice) -> bytes:
    """The document as PDF: see `apps.payments.documents.pdf`."""
    from apps.payments.documents.pdf import render_pdf

    return render_pdf(invoice)
