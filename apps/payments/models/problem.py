from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Problem(models.Model):
    """Something that reconciliation found and must not mend by itself. It is there until a later run misses it.

    `key` says what it is about, so that the next run finds the same row; `detail` is a plain English sentence, as in
    `audit`, and `facts` is what the reader's own language puts into its sentence of this kind.
    """

    class Kind(models.TextChoices):
        UNKNOWN_MONEY = "unknown_money", _("Money that no order knows")
        MISMATCH = "mismatch", _("The provider says something else")
        NOT_GIVEN_BACK = "not_given_back", _("Money to give back")
        STUCK_PAYMENT = "stuck_payment", _("A payment that does not end")
        STUCK_EVENT = "stuck_event", _("A provider event that can't be applied")
        BOOKS = "books", _("The books don't agree")

    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    key = models.CharField(max_length=64, unique=True, editable=False)
    detail = models.CharField(_("what was found"), max_length=500)
    facts = models.JSONField(default=dict, editable=False)
    payment = models.ForeignKey(
        "payments.Payment", on_delete=models.CASCADE, null=True, blank=True, related_name="problems"
    )
    found_at = models.DateTimeField(_("found"), auto_now_add=True)
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        app_label = "payments"
        verbose_name = _("problem")
        verbose_name_plural = _("reconciliation")
        ordering = ["-pk"]
        permissions = [("settle_problem", "Can act on what reconciliation found")]

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """What was found, in the reader's language; what an audit of the books says has English words only."""
        return str(SENTENCES[self.kind] % self.facts) if self.is_translated else self.detail

    @property
    def is_translated(self) -> bool:
        return bool(self.facts) and self.kind in SENTENCES


# One sentence per kind; the books have many, which come from the audit.
SENTENCES: dict[str, Any] = {
    Problem.Kind.UNKNOWN_MONEY: _("%(provider)s took money that belongs to no order: %(named)s."),
    Problem.Kind.MISMATCH: _("Event %(event)s names another order than its payment."),
    Problem.Kind.NOT_GIVEN_BACK: _("Order %(order)s: %(left)s were not for it and have not gone back."),
    Problem.Kind.STUCK_PAYMENT: _("Order %(order)s: attempt %(attempt)s has not ended."),
    Problem.Kind.STUCK_EVENT: _("Event %(event)s of %(provider)s is not applied."),
}
