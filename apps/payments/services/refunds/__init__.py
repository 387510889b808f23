"""Giving money back. Rows first, in one transaction with everything they change; a job asks the provider afterwards."""

from apps.payments.services.refunds.parts import order_parts
from apps.payments.services.refunds.refusals import (
    AlreadyTried,
    AmountChanged,
    NotPaid,
    NotRefundable,
    PaymentDisputed,
    RefundNotFailed,
)
from apps.payments.services.refunds.sending import LOOK_FIRST, send_refund
from apps.payments.services.refunds.starting import (
    failed_refunds,
    give_back,
    preview_refund,
    refund_cancelled,
    refund_order,
    refund_rest,
    resend_refunds,
    retry_refund,
)

__all__ = [
    "LOOK_FIRST",
    "AlreadyTried",
    "AmountChanged",
    "NotPaid",
    "NotRefundable",
    "PaymentDisputed",
    "RefundNotFailed",
    "failed_refunds",
    "give_back",
    "order_parts",
    "preview_refund",
    "refund_cancelled",
    "refund_order",
    "refund_rest",
    "resend_refunds",
    "retry_refund",
    "send_refund",
]
