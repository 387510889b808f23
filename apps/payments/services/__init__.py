"""Everything that may be done to payments. Other apps call these and nothing else."""

from apps.payments.services.applying import apply_event, check_payment
from apps.payments.services.capturing import NotAuthorised, capture_payment, take_authorised
from apps.payments.services.closing import close_attempts
from apps.payments.services.reconciling import Reconciliation, reconcile
from apps.payments.services.refunds import give_back

__all__ = [
    "NotAuthorised",
    "Reconciliation",
    "apply_event",
    "capture_payment",
    "check_payment",
    "close_attempts",
    "give_back",
    "reconcile",
    "take_authorised",
]
