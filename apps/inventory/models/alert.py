from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.ownership import OwnedManager, OwnedQuerySet


class StockAlert(models.Model):
    """Somebody who wants one mail when a sold-out variant can be bought again; gone once that mail is written.

    A row exists only for an address that was confirmed. It belongs to an account if the address is that account's.
    """

    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(_("email address"), max_length=254)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    language = models.CharField(_("language"), max_length=16)
    created_at = models.DateTimeField(_("waiting since"), auto_now_add=True)

    guests_own: ClassVar[bool] = False

    unscoped = OwnedQuerySet.as_manager()
    objects = OwnedManager()

    class Meta:
        app_label = "inventory"
        verbose_name = _("wish for a sold-out article")
        verbose_name_plural = _("wishes for sold-out articles")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["variant", "email"], name="inventory_alert_once")]

    def __str__(self) -> str:
        return f"#{self.pk}"
