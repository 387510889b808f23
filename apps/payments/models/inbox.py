from django.db import models
from django.utils.translation import gettext_lazy as _


class WebhookEvent(models.Model):
    """The inbox: what a provider told us, stored before it is understood. One row per event id, however often told."""

    provider = models.CharField(_("provider"), max_length=32)
    event_id = models.CharField(_("event"), max_length=128)
    kind = models.CharField(_("kind"), max_length=64)
    payload = models.JSONField(default=dict)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=200, blank=True)

    class Meta:
        app_label = "payments"
        verbose_name = _("provider event")
        verbose_name_plural = _("provider events")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="payments_event_once")]

    def __str__(self) -> str:
        return self.event_id
