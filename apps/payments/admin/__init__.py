from apps.payments.admin.invoices import InvoiceAdmin
from apps.payments.admin.payments import PaymentAdmin, WebhookEventAdmin
from apps.payments.admin.reconciliation import ProblemAdmin
from apps.payments.admin.refunds import DisputeAdmin, RefundAdmin

__all__ = ["DisputeAdmin", "InvoiceAdmin", "PaymentAdmin", "ProblemAdmin", "RefundAdmin", "WebhookEventAdmin"]
