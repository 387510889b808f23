from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.money import Money
from apps.core.ownership import OwnedManager, OwnedQuerySet
from apps.orders.models.order import new_ref


class Payment(models.Model):
    """One attempt to pay an order. At most one attempt of an order is open, and at most one pays it.

    `captured` is what the provider took, `refunded` what has gone back or is on its way: minor units of `currency`. A
    success that does not pay the order (late, double, of a wrong amount) is not `applied` and goes back in full.
    """

    owner_path: ClassVar[str] = "order"

    class State(models.TextChoices):
        CREATED = "created", _("created")
        PENDING = "pending", _("under way")
        AUTHORISED = "authorised", _("authorised")
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
    captured = models.BigIntegerField(_("captured"), default=0)
    refunded = models.BigIntegerField(_("refunded"), default=0)
    applied = models.BooleanField(_("pays its order"), default=False)
    idempotency_key = models.CharField(max_length=80, blank=True, editable=False)
    request = models.JSONField(default=dict, editable=False, help_text=_("What the provider was asked, to repeat it."))
    session_ref = models.CharField(_("provider's session"), max_length=255, blank=True, db_index=True)
    intent_ref = models.CharField(_("provider's payment"), max_length=255, blank=True, db_index=True)
    asked_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("When the provider was first asked; it may know it since.")
    )
    expires_at = models.DateTimeField(_("open until"), null=True, blank=True)
    capture_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    failure = models.CharField(_("what the provider refused"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    unscoped = OwnedQuerySet.as_manager()
    objects = OwnedManager()

    class Meta:
        app_label = "payments"
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-pk"]
        permissions = [("capture_payment", "Can take authorised money")]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state__in=["created", "pending", "authorised"]),
                name="payments_payment_one_open_per_order",
            ),
            models.UniqueConstraint(fields=["order", "attempt"], name="payments_payment_attempt_once"),
            models.UniqueConstraint(
                fields=["order"], condition=Q(applied=True), name="payments_payment_one_pays_the_order"
            ),
            models.UniqueConstraint(
                fields=["method", "session_ref"], condition=~Q(session_ref=""), name="payments_payment_session_once"
            ),
            models.UniqueConstraint(
                fields=["method", "intent_ref"], condition=~Q(intent_ref=""), name="payments_payment_intent_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_payment_amount_positive"),
            models.CheckConstraint(
                condition=Q(refunded__gte=0, refunded__lte=F("captured")),
                name="payments_payment_refunded_within_captured",
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)
