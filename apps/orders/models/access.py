from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.ownership import OwnedManager, OwnedModel, OwnedQuerySet


class GuestLink(models.Model):
    """A link in a mail that opens one order. Only the hash of its token is kept; staff can revoke it."""

    owner_path: ClassVar[str] = "order"

    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="guest_links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    unscoped = OwnedQuerySet.as_manager()
    objects = OwnedManager()

    class Meta:
        app_label = "orders"
        verbose_name = _("guest link")
        verbose_name_plural = _("guest links")


class OrderAccess(OwnedModel):
    """A grant: this owner may read, pay and return this order as if it were their own."""

    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="grants")
    link = models.ForeignKey("orders.GuestLink", on_delete=models.CASCADE, related_name="grants")
    created_at = models.DateTimeField(auto_now_add=True)

    unscoped = OwnedQuerySet.as_manager()
    objects = OwnedManager()

    class Meta(OwnedModel.Meta):
        app_label = "orders"
        verbose_name = _("order access")
        verbose_name_plural = _("order accesses")
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(fields=["order", "user"], name="orders_access_once_per_user"),
            models.UniqueConstraint(fields=["order", "guest_key"], name="orders_access_once_per_guest"),
        ]
        indexes = [
            models.Index(fields=["guest_key", "user"], name="orders_access_guest"),
        ]
