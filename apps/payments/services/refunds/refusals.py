"""What refunds refuse, in words for staff. Nothing has changed when one of these is raised."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError


class NotPaid(DomainError):
    message = _("Nothing was paid for this order, so nothing can be refunded.")


class PaymentDisputed(DomainError):
    """While a dispute is open the bank holds the money; a refund would give it back twice."""

    message = _("The customer's bank disputes this payment. Wait for its decision before you refund.")


class NotRefundable(DomainError):
    """Another refund was faster, or the provider has less than we thought."""

    message = _("This is more than is left of the payment. Look at the refunds of the order again.")


class RefundNotFailed(DomainError):
    message = _("Only a failed refund can be tried again.")


class AlreadyTried(DomainError):
    message = _("This refund was tried again already.")


class AmountChanged(DomainError):
    """What would go back is not what was shown: another refund, or another choice, came in between."""

    message = _("The amount is another one now. Check the figures and press again.")
