"""Hangs invoices into the shop: the facts that ask for them, the order's page, mails, audit and periodic job."""

from datetime import timedelta

from django.apps import apps

from apps.core import invariants, roles, setup_notes
from apps.jobs import periodic
from apps.orders import extensions, signals
from apps.payments.documents import audit, receivers, section, seller, tasks


def connect() -> None:
    signals.order_paid.connect(receivers.invoice_the_order, dispatch_uid="payments.invoice_the_order")
    signals.order_refunded.connect(receivers.credit_the_refund, dispatch_uid="payments.credit_the_refund")
    signals.order_refund_failed.connect(receivers.void_the_credit, dispatch_uid="payments.void_the_credit")
    extensions.register_order_section(section.SECTION)
    periodic.register("payments.issue_missing", tasks.issue_missing, every=timedelta(hours=1))
    setup_notes.register(seller.seller_notes)
    for role in (roles.ORDER_CLERK, roles.MANAGER):
        roles.grant(role, "payments", "view_invoice")
    for name, check in audit.CHECKS.items():
        invariants.register(name, check)
    if apps.is_installed("apps.notifications"):
        _attach_to_mails()


def _attach_to_mails() -> None:
    from apps.notifications import attachments
    from apps.payments.documents import files

    attachments.register(files.INVOICE, files.invoice_file)
    attachments.register(files.CREDIT_NOTE, files.credit_note_file)
    extensions.register_mail_attachment(section.INVOICE_IN_MAIL)
