from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _


class StockQuerySet(models.QuerySet["Stock"]):
    def low(self) -> Self:
        """At or below the variant's own limit or the shop's, sold out included; back-orders never run low."""
        limit = Coalesce("low_at", settings.STOCK_LOW_AT)
        return self.filter(backorder=False, on_hand__lte=F("reserved") + limit)

    def sold_out(self) -> Self:
        return self.filter(backorder=False, on_hand__lte=F("reserved"))

    def in_the_shop(self) -> Self:
        return self.filter(variant__product__status="active")


class Stock(models.Model):
    """How many pieces are on the shelf and how many of them are promised to orders.

    The numbers change only in apps.catalog.services.stock; the database refuses to promise more than there is.
    """

    variant = models.OneToOneField("catalog.Variant", on_delete=models.CASCADE, related_name="stock")
    on_hand = models.IntegerField(_("on hand"), default=0)
    reserved = models.IntegerField(_("reserved"), default=0)
    backorder = models.BooleanField(_("sell when sold out"), default=False)
    low_at = models.PositiveIntegerField(
        _("warn when so few are left"), null=True, blank=True, help_text=_("Empty: the limit of the whole shop.")
    )

    objects = StockQuerySet.as_manager()

    class Meta:
        app_label = "catalog"
        verbose_name = _("stock")
        verbose_name_plural = _("stock")
        constraints = [
            models.CheckConstraint(
                condition=Q(reserved__gte=0) & (Q(backorder=True) | Q(reserved__lte=F("on_hand"))),
                name="catalog_stock_never_oversold",
            )
        ]

    def __str__(self) -> str:
        return f"{self.on_hand} − {self.reserved}"

    @property
    def available(self) -> int:
        """Pieces that can still be promised (not counting back-orders)."""
        return max(self.on_hand - self.reserved, 0)

    @property
    def low_limit(self) -> int:
        return settings.STOCK_LOW_AT if self.low_at is None else self.low_at

    @property
    def is_low(self) -> bool:
        return not self.backorder and self.available <= self.low_limit

    def can_sell(self, quantity: int) -> bool:
        return self.backorder or self.available >= quantity


class StockMovement(models.Model):
    """One change of `on_hand`, never edited: the sum of a variant's movements is what is on its shelf."""

    class Reason(models.TextChoices):
        INITIAL = "initial", _("First count")
        DELIVERY = "delivery", _("Delivery")
        COUNT = "count", _("Stock take")
        SALE = "sale", _("Sold and shipped")
        RETURN = "return", _("Returned")
        LOSS = "loss", _("Lost or broken")
        IMPORT = "import", _("Import")

    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="movements")
    delta = models.IntegerField(_("change"))
    reason = models.CharField(_("reason"), max_length=16, choices=Reason)
    note = models.CharField(_("note"), max_length=200, blank=True)
    order_ref = models.CharField(max_length=32, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        app_label = "catalog"
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.delta:+d} {self.get_reason_display()}"
