from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.money import Money
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


class ImmutableDocument(TypeError):
    """Somebody tried to change or delete a document; it is corrected by another document only."""


class InvoiceQuerySet(OwnedQuerySet):
    """Rows can be added and read. Django's own ways of changing many at once are refused."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ImmutableDocument("Documents that were issued are never changed or deleted.")

    update = delete = bulk_update = update_or_create = _refuse

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("update_conflicts"):
            self._refuse()
        return super().bulk_create(objs, *args, **kwargs)


class Invoice(models.Model):
    """An invoice, a credit note that corrects it, or the cancellation of such a note whose money the bank returned.

    Written once, never edited. `content` is everything that the document says, as it was said; amounts in minor units
    of `currency`. The total of a credit note is positive: what the customer gets back; its cancellation has the same.
    """

    owner_path: ClassVar[str] = "order"

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoice")
        CREDIT_NOTE = "credit_note", _("Credit note")
        CANCELLATION = "cancellation", _("Cancelled credit note")

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

    unscoped = InvoiceQuerySet.as_manager()
    objects = OwnedManager(InvoiceQuerySet)

    class Meta:
        app_label = "payments"
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["issued_at"], name="payments_invoice_issued")]  # the list by month, and its ZIP
        constraints = [
            models.UniqueConstraint(fields=["series", "sequence"], name="payments_invoice_sequence_once"),
            models.UniqueConstraint(
                fields=["order"], condition=Q(kind="invoice"), name="payments_invoice_one_per_order"
            ),
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(kind="cancellation"), name="payments_invoice_cancelled_once"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ImmutableDocument(f"{self.number} was issued and is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ImmutableDocument(f"{self.number} was issued and is never deleted.")

    @property
    def money(self) -> Money:
        return Money(self.total, self.currency)

    @property
    def effect(self) -> Money:
        """What it changes of what the customer pays: a credit note takes away, its cancellation adds that again."""
        return self.money * self._sign

    @property
    def tax_effect(self) -> Money:
        return Money(self.tax_total, self.currency) * self._sign

    @property
    def _sign(self) -> int:
        return -1 if self.kind == self.Kind.CREDIT_NOTE else 1

    @property
    def filename(self) -> str:
        return f"{self.number}.pdf"
