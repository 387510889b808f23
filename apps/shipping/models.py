from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.core.ownership import OwnedManager, OwnedQuerySet


class ShippingZone(models.Model):
    """Countries that share delivery methods. A country that no zone names belongs to "everywhere else"."""

    name = models.CharField(_("name"), max_length=80)
    countries = models.JSONField(_("countries"), default=list, blank=True, help_text=_("ISO codes of two letters."))
    everywhere_else = models.BooleanField(_("all other countries"), default=False)

    class Meta:
        app_label = "shipping"
        verbose_name = _("delivery zone")
        verbose_name_plural = _("delivery zones")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ShippingMethod(models.Model):
    """A way of delivery in a zone; its price is the first row of its table that fits weight and value."""

    zone = models.ForeignKey("shipping.ShippingZone", on_delete=models.CASCADE, related_name="methods")
    code = models.SlugField(_("code"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=120)
    description = models.CharField(_("description"), max_length=200, blank=True)
    translations = models.JSONField(default=dict, blank=True, editable=False)
    free_above = models.BigIntegerField(_("free from a goods value of"), null=True, blank=True)
    tax_class = models.CharField(_("tax class"), max_length=16, default="standard")
    min_days = models.PositiveSmallIntegerField(_("working days at least"), null=True, blank=True)
    max_days = models.PositiveSmallIntegerField(
        _("working days at most"),
        null=True,
        blank=True,
        help_text=_("From the handover to the carrier. Empty: the shop promises no day."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        app_label = "shipping"
        verbose_name = _("delivery method")
        verbose_name_plural = _("delivery methods")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(min_days__isnull=True) | Q(max_days__gte=F("min_days"), max_days__lte=365),
                name="shipping_method_days_in_order",
                violation_error_message=_("“At most” must not be less than “at least”."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def localized(self, field: str) -> Any:
        return self.translations.get(get_language() or "", {}).get(field) or getattr(self, field)


class ShippingRateQuerySet(models.QuerySet["ShippingRate"]):
    def fitting(self, *, weight: int, value: int) -> Self:
        """Rows of offered methods for a parcel of so many grams and goods of that value in minor units."""
        return self.filter(
            Q(max_weight__isnull=True) | Q(max_weight__gte=weight),
            Q(max_value__isnull=True) | Q(max_value__gte=value),
            method__is_active=True,
            min_weight__lte=weight,
            min_value__lte=value,
        )


class ShippingRate(models.Model):
    """A row of a method's table. Bounds are inclusive; prices and values are minor units, weights grams."""

    method = models.ForeignKey("shipping.ShippingMethod", on_delete=models.CASCADE, related_name="rates")
    min_weight = models.PositiveIntegerField(_("from grams"), default=0)
    max_weight = models.PositiveIntegerField(_("up to grams"), null=True, blank=True)
    min_value = models.BigIntegerField(_("from goods value"), default=0)
    max_value = models.BigIntegerField(_("up to goods value"), null=True, blank=True)
    price = models.BigIntegerField(_("price"))

    objects = ShippingRateQuerySet.as_manager()

    class Meta:
        app_label = "shipping"
        verbose_name = _("delivery rate")
        verbose_name_plural = _("delivery rates")
        ordering = ["min_weight", "min_value", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="shipping_rate_price_not_negative"),
            models.CheckConstraint(
                condition=Q(max_weight__isnull=True) | Q(max_weight__gte=F("min_weight")),
                name="shipping_rate_weight_range",
            ),
        ]


class Shipment(models.Model):
    """The parcel of an order: packed, then shipped with its tracking, then delivered."""

    owner_path: ClassVar[str] = "order"

    class State(models.TextChoices):
        PACKED = "packed", _("Packed")
        SHIPPED = "shipped", _("Shipped")
        DELIVERED = "delivered", _("Delivered")

    order = models.OneToOneField("orders.Order", on_delete=models.PROTECT, related_name="shipment")
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.PACKED)
    carrier = models.CharField(_("carrier"), max_length=80, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=80, blank=True)
    tracking_url = models.URLField(_("tracking page"), max_length=500, blank=True)
    packed_at = models.DateTimeField(_("packed"), auto_now_add=True)
    shipped_at = models.DateTimeField(_("shipped"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    unscoped = OwnedQuerySet.as_manager()
    objects = OwnedManager()

    class Meta:
        app_label = "shipping"
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.order_id} {self.state}"
