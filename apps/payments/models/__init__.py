from apps.payments.models.inbox import WebhookEvent
from apps.payments.models.invoice import Invoice, NumberSeries
from apps.payments.models.payment import Payment
from apps.payments.models.problem import Problem
from apps.payments.models.refund import Dispute, Refund, RefundLine
from apps.payments.models.sandbox import SandboxTransaction

__all__ = [
    "Dispute",
    "Invoice",
    "NumberSeries",
    "Payment",
    "Problem",
    "Refund",
    "RefundLine",
    "SandboxTransaction",
    "WebhookEvent",
]
