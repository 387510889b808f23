"""The refusals of imports and bulk edits."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError

SHOWN = 20


class NotNow(DomainError):
    message = _("This step is not possible any more; the page shows how things are now.")


class FileTooLarge(DomainError):
    message = _("The file is larger than 50 MiB.")


class Kept(DomainError):
    """A product that undoing leaves as it is; `str()` says why."""


class NothingTyped(DomainError):
    message = _("Nothing was changed: every value is as it was.")


class ChangedMeanwhile(DomainError):
    """Rows are not any more what somebody had seen of them; `labels` names them."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = list(labels)
        shown = ", ".join(self.labels[:SHOWN]) + (" …" if len(self.labels) > SHOWN else "")
        super().__init__(gettext("Somebody else has changed this meanwhile: %(labels)s.") % {"labels": shown})


class NothingChosen(DomainError):
    message = _("No article fits this filter.")


class Obstacle(DomainError):
    """A row can't become what was asked: `problem` is one of EditRow.Problem, `fields` what was asked of it."""

    def __init__(self, problem: str, fields: Mapping[str, Any] | None = None) -> None:
        self.problem = problem
        self.fields = dict(fields or {})
        super().__init__(problem)
