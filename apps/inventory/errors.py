"""The refusals of the stock desk."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError


class CountEnded(DomainError):
    message = _("This stock take has ended.")


class NothingCounted(DomainError):
    message = _("Nothing is counted yet.")
