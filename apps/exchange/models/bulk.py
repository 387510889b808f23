from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class BulkEdit(models.Model):
    """Many articles changed in one step. `changes` holds, per product or variant, each field before and after."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("changed by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    changes = models.JSONField(default=list)
    reason = models.CharField(_("reason"), max_length=16)
    note = models.CharField(_("note"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("changed at"), auto_now_add=True)
    undone_at = models.DateTimeField(_("undone at"), null=True)

    class Meta:
        app_label = "exchange"
        verbose_name = _("bulk edit")
        verbose_name_plural = _("bulk edits")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"#{self.pk}"
