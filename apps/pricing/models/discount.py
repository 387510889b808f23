import re
from typing import Self

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from apps.core.translation import Translated

CODE_PATTERN = re.compile(r"[A-Z0-9][A-Z0-9_-]{2,39}")
WHOLE = 1_000_000  # in parts per million


def normal_code(text: str) -> str:
    """A code as it is stored and compared: capitals, without spaces; "" for what no code can look like."""
    code = "".join(text[:200].split()).upper()
    return code if CODE_PATTERN.fullmatch(code) else ""


class DiscountQuerySet(models.QuerySet["Discount"]):
    def automatic(self) -> Self:
        """Those that need no code and are switched on; whether their time has come is another question."""
        return self.filter(code__isnull=True, state=Discount.State.ACTIVE)


class Discount(Translated):
    """A rule that takes something off. Without a code it works by itself.

    `value` is parts per million for a share (percent, and what the pieces of "buy X, get Y" are reduced by), and minor
    units of the shop's currency for an amount. `version` grows with every change, so that an order can tell that the
    rule it was quoted with is still the same.
    """

    class Kind(models.TextChoices):
        PERCENT = "percent", _("Percent")
        AMOUNT = "amount", _("Amount")
        FREE_SHIPPING = "free_shipping", _("Free delivery")
        BUY_X_GET_Y = "buy_x_get_y", _("Buy some, get some")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("Active")
        ENDED = "ended", _("Ended")

    name = models.CharField(_("name"), max_length=120, help_text=_("Customers read it in cart and order."))
    code = models.CharField(
        _("code"),
        max_length=40,
        null=True,
        blank=True,
        unique=True,
        validators=[RegexValidator(rf"^{CODE_PATTERN.pattern}\Z")],
        help_text=_("Letters, digits, - and _. Without a code the discount works by itself."),
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.PERCENT)
    value = models.BigIntegerField(_("value"), default=0)
    buy_quantity = models.PositiveSmallIntegerField(_("pieces to pay for"), default=0)
    get_quantity = models.PositiveSmallIntegerField(_("pieces that are reduced"), default=0)
    minimum_goods = models.BigIntegerField(
        _("from a value of goods"),
        default=0,
        validators=[MinValueValidator(0)],
        help_text=_("Of the goods it applies to, before any discount."),
    )
    categories = models.ManyToManyField(
        "catalog.Category",
        verbose_name=_("categories"),
        blank=True,
        related_name="+",
        help_text=_("With everything below them."),
    )
    products = models.ManyToManyField("catalog.Product", verbose_name=_("products"), blank=True, related_name="+")
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    total_limit = models.PositiveIntegerField(
        _("how often in all"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    used = models.PositiveIntegerField(_("used"), default=0, editable=False)
    per_customer_limit = models.PositiveSmallIntegerField(
        _("how often per customer"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("A customer is an email address, whatever its capitals or +tag."),
    )
    combinable = models.BooleanField(
        _("can be combined"),
        default=True,
        help_text=_("If not, it stands alone: the customer gets it or all others together, whichever saves more."),
    )
    priority = models.SmallIntegerField(
        _("rank"), default=0, help_text=_("Automatic discounts are taken off from the lowest rank to the highest.")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DiscountQuerySet.as_manager()

    class Meta:
        app_label = "pricing"
        verbose_name = _("discount")
        verbose_name_plural = _("discounts")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "code"], name="pricing_discount_state_code")]
        constraints = [
            models.CheckConstraint(
                condition=Q(used__gte=0) & (Q(total_limit__isnull=True) | Q(used__lte=F("total_limit"))),
                name="pricing_discount_used_within_limit",
            ),
            models.CheckConstraint(
                condition=Q(kind="percent", value__gte=1, value__lte=WHOLE)
                | Q(kind="amount", value__gte=1)
                | Q(kind="free_shipping", value=0)
                | Q(kind="buy_x_get_y", value__gte=1, value__lte=WHOLE, buy_quantity__gte=1, get_quantity__gte=1),
                name="pricing_discount_value_fits_kind",
            ),
            models.CheckConstraint(
                condition=Q(code__isnull=True) | (Q(code=Upper("code")) & ~Q(code="")),
                name="pricing_discount_code_in_capitals",
            ),
            models.CheckConstraint(condition=Q(minimum_goods__gte=0), name="pricing_discount_minimum_not_negative"),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="pricing_discount_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})" if self.code else self.name

    @property
    def display_name(self) -> str:
        return str(self.localized("name"))


class Redemption(models.Model):
    """One use of a discount by one order; given back when the order is cancelled or expires.

    `customer_key` is a hash of the normalised email address. `slot` counts a customer's uses from 1 up to the limit per
    customer, and the database allows each slot once: two orders at once can't share the last one. Without such a limit
    it is null.
    """

    discount = models.ForeignKey("pricing.Discount", on_delete=models.PROTECT, related_name="redemptions")
    order_ref = models.CharField(_("order"), max_length=32, db_index=True)
    customer_key = models.CharField(max_length=64)
    slot = models.PositiveSmallIntegerField(null=True)
    amount = models.BigIntegerField(_("amount"), help_text=_("What it took off goods and delivery, in minor units."))
    created_at = models.DateTimeField(_("used"), auto_now_add=True)
    freed_at = models.DateTimeField(_("given back"), null=True)

    class Meta:
        app_label = "pricing"
        verbose_name = _("redemption")
        verbose_name_plural = _("redemptions")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["discount", "order_ref"], name="pricing_redemption_once_per_order"),
            models.UniqueConstraint(
                fields=["discount", "customer_key", "slot"],
                condition=Q(freed_at__isnull=True),
                name="pricing_redemption_slot_once",
            ),
            models.CheckConstraint(condition=Q(slot__isnull=True) | Q(slot__gte=1), name="pricing_redemption_slot"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="pricing_redemption_amount_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.discount_id} {self.order_ref}"
