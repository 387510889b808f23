"""The refusals of imports."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError


class NotNow(DomainError):
    message = _("This step is not possible any more; the page shows how things are now.")


class FileTooLarge(DomainError):
    message = _("The file is larger than 50 MiB.")


class Kept(DomainError):
    """A product that undoing leaves as it is; `str()` says why."""
