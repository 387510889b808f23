from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.money import Money
from apps.core.ownership import OwnedManager, OwnedQuerySet
from apps.orders.models.order import new_ref


class Refund(models.Model):
    """Money that goes back. Written before the provider is asked, and counted in `Payment.refunded` from then on.

    All amounts are minor units of `currency`; `amount` is goods + delivery + extra. A refund of money that never paid
    the order (late, double, wrong) is not `for_order`: it does not change what the order cost.
    """

    owner_path: ClassVar[str] = "order"

    class State(models.TextChoices):
        PENDING = "pending", _("on its way")
        SUCCEEDED = "succeeded", _("done")
        FAILED = "failed", _("failed")

    class Origin(models.TextChoices):
        STAFF = "staff", _("by staff")
        RULE = "rule", _("by rule")
        OUTSIDE = "outside", _("at the provider")
        DISPUTE = "dispute", _("lost dispute")

    class Reason(models.TextChoices):
        CHANGED_MIND = "changed_mind", _("The customer changed their mind")
        DAMAGED = "damaged", _("Damaged or faulty")
        NOT_AS_DESCRIBED = "not_as_described", _("Not as described")
        NOT_DELIVERED = "not_delivered", _("Not delivered")
        GOODWILL = "goodwill", _("Goodwill")
        FRAUD = "fraud", _("Fraud")
        CANCELLED = "cancelled", _("The order was cancelled")
        TOO_LATE = "too_late", _("The money came after the order was closed")
        PAID_TWICE = "twice", _("The order was paid twice")
        WRONG_AMOUNT = "wrong_amount", _("The amount was not the order's total")
        OTHER = "other", _("Another reason")

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="refunds")
    payment = models.ForeignKey("payments.Payment", on_delete=models.PROTECT, related_name="refunds")
    ref = models.CharField(max_length=32, unique=True, default=new_ref, editable=False)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.PENDING)
    origin = models.CharField(_("origin"), max_length=16, choices=Origin, default=Origin.STAFF)
    reason = models.CharField(_("reason"), max_length=24, choices=Reason, default=Reason.OTHER)
    note = models.CharField(_("note"), max_length=300, blank=True)
    for_order = models.BooleanField(_("of the order's own money"), default=True)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField(_("amount"))
    goods_amount = models.BigIntegerField(_("goods"), default=0)
    shipping_amount = models.BigIntegerField(_("delivery"), default=0)
    extra_amount = models.BigIntegerField(_("extra"), default=0)
    tax = models.BigIntegerField(_("tax in it"), default=0)
    explanation = models.JSONField(default=dict)
    idempotency_key = models.CharField(max_length=80, unique=True, editable=False)
    provider_ref = models.CharField(_("provider's refund"), max_length=255, blank=True)
    failure = models.CharField(_("why it failed"), max_length=300, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    unscoped = OwnedQuerySet.as_manager()
    objects = OwnedManager()

    class Meta:
        app_label = "payments"
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["-pk"]
        permissions = [("make_refund", "Can refund payments")]
        indexes = [models.Index(fields=["-created_at"], name="payments_refund_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["provider_ref"], condition=~Q(provider_ref=""), name="payments_refund_provider_ref_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_refund_amount_positive"),
            models.CheckConstraint(
                condition=Q(amount=F("goods_amount") + F("shipping_amount") + F("extra_amount")),
                name="payments_refund_amount_is_its_parts",
            ),
            models.CheckConstraint(
                condition=Q(goods_amount__gte=0, shipping_amount__gte=0, extra_amount__gte=0),
                name="payments_refund_parts_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class RefundLine(models.Model):
    """Pieces of an order line that a refund covers. `released` of them had not been shipped yet."""

    owner_path: ClassVar[str] = "refund"

    refund = models.ForeignKey(Refund, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey("orders.OrderLine", on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"))
    released = models.PositiveIntegerField(_("not shipped"), default=0)
    restocked = models.BooleanField(_("put back for sale"), default=False)
    amount = models.BigIntegerField(_("amount"))
    tax = models.BigIntegerField(_("tax in it"), default=0)

    unscoped = OwnedQuerySet.as_manager()
    objects = OwnedManager()

    class Meta:
        app_label = "payments"
        verbose_name = _("refunded line")
        verbose_name_plural = _("refunded lines")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["refund", "order_line"], name="payments_refundline_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, released__lte=F("quantity"), amount__gte=0),
                name="payments_refundline_sane",
            ),
        ]


class Dispute(models.Model):
    """A buyer asked their bank to take money back. While it is open the money is away; won, it comes back."""

    owner_path: ClassVar[str] = "payment"

    class State(models.TextChoices):
        OPEN = "open", _("open")
        WON = "won", _("won")
        LOST = "lost", _("lost")

    payment = models.ForeignKey("payments.Payment", on_delete=models.PROTECT, related_name="disputes")
    provider_ref = models.CharField(max_length=255, unique=True)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.OPEN)
    reason = models.CharField(_("reason"), max_length=64, blank=True)
    amount = models.BigIntegerField(_("amount"))
    currency = models.CharField(max_length=3)
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    unscoped = OwnedQuerySet.as_manager()
    objects = OwnedManager()

    class Meta:
        app_label = "payments"
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.provider_ref
