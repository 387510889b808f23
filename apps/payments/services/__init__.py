"""Everything that may be done to payments. Other apps call these and nothing else."""

from apps.payments.services.applying import apply_event
from apps.payments.services.closing import close_attempts
from apps.payments.services.reconciling import Reconciliation, reconcile
from apps.payments.services.refunds import give_back

__all__ = ["Reconciliation", "apply_event", "close_attempts", "give_back", "reconcile"]
