from django.db import models
from django.utils.translation import gettext_lazy as _


class SandboxTransaction(models.Model):
    """The built-in test bank's own book: what the bank knows of a payment. The shop learns of it by webhook only."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("open")
        PENDING = "pending", _("pending")
        SUCCEEDED = "succeeded", _("succeeded")
        DECLINED = "declined", _("declined")
        CLOSED = "closed", _("closed")

    payment_ref = models.CharField(max_length=32, unique=True)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    description = models.CharField(max_length=120)
    return_url = models.CharField(max_length=500)
    outcome = models.CharField(max_length=16, choices=Outcome, default=Outcome.OPEN)
    refunds = models.JSONField(default=dict, help_text=_("Amount by the key it was asked with."))
    event_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "payments"
        verbose_name = _("test bank transaction")
        verbose_name_plural = _("test bank transactions")

    def __str__(self) -> str:
        return self.payment_ref
