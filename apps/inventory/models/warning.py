from django.db import models
from django.utils.translation import gettext_lazy as _


class LowStock(models.Model):
    """A variant that staff were told of and that is low still; gone once refilled, so that the next time counts."""

    variant = models.OneToOneField("catalog.Variant", on_delete=models.CASCADE, related_name="+")
    told_at = models.DateTimeField(_("told"), auto_now_add=True)

    class Meta:
        app_label = "inventory"
        verbose_name = _("low stock")
        verbose_name_plural = _("low stock")

    def __str__(self) -> str:
        return f"#{self.variant_id}"
