from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.money import Money
from apps.core.ownership import OwnedManager, OwnedQuerySet
from apps.orders.models.order import new_ref


class Payment(models.Model):
    """One attempt to pay an order. At most one attempt of an order is open."""

    owner_path: ClassVar[str] = "order"

    class State(models.TextChoices):
        CREATED = "created", _("created")
        PENDING = "pending", _("under way")
        SUCCEEDED = "succeeded", _("received")
        FAILED = "failed", _("declined")
        CLOSED = "closed", _("closed")

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="payments")
    ref = models.CharField(max_length=32, unique=True, default=new_ref, editable=False)
    method = models.CharField(_("method"), max_length=32)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.CREATED)
    amount = models.BigIntegerField(_("amount"))
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    unscoped = OwnedQuerySet.as_manager()
    objects = OwnedManager()

    class Meta:
        app_label = "payments"
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state__in=["created", "pending"]),
                name="payments_payment_one_open_per_order",
            ),
            models.UniqueConstraint(fields=["order", "attempt"], name="payments_payment_attempt_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_payment_amount_positive"),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


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
    event_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "payments"
        verbose_name = _("test bank transaction")
        verbose_name_plural = _("test bank transactions")

    def __str__(self) -> str:
        return self.payment_ref
