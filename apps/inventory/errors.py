"""The refusals of the stock desk."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError


class CountEnded(DomainError):
    message = _("This stock take has ended.")


class StillThere(DomainError):
    message = _("Good news: this article can be bought.")


class NothingCounted(DomainError):
    message = _("Nothing is counted yet.")
