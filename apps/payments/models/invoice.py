from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.ownership import OwnedManager, OwnedQuerySet
from apps.orders.models.order import new_ref


class NumberSeries(models.Model):
    """A counter whose row is locked while a document is issued, so its numbers have no gaps.

    A rolled back issue gives its number back, because number and document are written in one transaction.
    """

    name = models.CharField(max_length=32, unique=True)
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        app_label = "payments"
        verbose_name = _("number series")
        verbose_name_plural = _("number series")

    def __str__(self) -> str:
        return f"{self.name} {self.last}"


class Invoice(models.Model):
    """An invoice or a credit note: written once, never edited, corrected only by a credit note.

    `content` is everything that the document says, as it was said; amounts in minor units of `currency`.
    """

    owner_path: ClassVar[str] = "order"

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoice")
        CREDIT_NOTE = "credit_note", _("Credit note")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    series = models.CharField(_("series"), max_length=32)
    sequence = models.PositiveBigIntegerField(_("number in its series"))
    number = models.CharField(_("number"), max_length=48, unique=True)
    ref = models.CharField(max_length=32, unique=True, default=new_ref, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="invoices")
    refund = models.OneToOneField(
        "payments.Refund", on_delete=models.PROTECT, null=True, blank=True, related_name="credit_note"
    )
    corrects = models.ForeignKey(
        "payments.Invoice", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    currency = models.CharField(max_length=3)
    total = models.BigIntegerField(_("total"))
    tax_total = models.BigIntegerField(_("tax"))
    content = models.JSONField(default=dict)
    issued_at = models.DateTimeField(_("issued"))

    unscoped = OwnedQuerySet.as_manager()
    objects = OwnedManager()

    class Meta:
        app_label = "payments"
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["series", "sequence"], name="payments_invoice_sequence_once"),
            models.UniqueConstraint(
                fields=["order"], condition=Q(kind="invoice"), name="payments_invoice_one_per_order"
            ),
        ]

    def __str__(self) -> str:
        return self.number
