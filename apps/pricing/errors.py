"""What pricing refuses, in words for the buyer or for staff. Nothing has changed when one of these is raised."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError


class DiscountGone(DomainError):
    """A discount of the quote ended, changed or was used up before the order was written."""

    message = _("A discount in your cart does not work any more. Please check the new total.")


class DiscountInUse(DomainError):
    message = _("This discount has been used. End it instead; orders keep what they were promised.")


class IllegalState(DomainError):
    message = _("This discount is in another state meanwhile.")
