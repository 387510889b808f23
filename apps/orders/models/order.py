import secrets
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.money import Money
from apps.core.ownership import OwnedManager, OwnedModel, OwnedQuerySet, Owner, owned_by

# Crockford's base 32: no I, L, O or U, so a number can be read out on the telephone.
_NUMBER_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_ref() -> str:
    """A public reference of 128 random bits."""
    return secrets.token_urlsafe(16)


def new_number() -> str:
    """A short number for people, 40 random bits: it tells nobody how much the shop sells."""
    digits = "".join(secrets.choice(_NUMBER_ALPHABET) for _ in range(8))
    return f"{digits[:4]}-{digits[4:]}"


class OrderStatus(models.TextChoices):
    AWAITING_PAYMENT = "awaiting_payment", _("Awaiting payment")
    PAID = "paid", _("Paid")
    FULFILLING = "fulfilling", _("Being packed")
    SHIPPED = "shipped", _("Shipped")
    DELIVERED = "delivered", _("Delivered")
    PARTIALLY_REFUNDED = "partially_refunded", _("Partly refunded")
    REFUNDED = "refunded", _("Refunded")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired")


class OrderQuerySet(OwnedQuerySet):
    def owned_by(self, owner: Owner) -> Self:
        """Own orders and those that a guest link granted, for as long as the link is good."""
        if not owner.is_known:
            return self.none()
        from apps.orders.models.access import OrderAccess

        granted = OrderAccess.unscoped.filter(
            owned_by(owner), link__revoked_at__isnull=True, link__expires_at__gt=timezone.now()
        )
        # Said as one or the other, a database asks of every order of the shop whether it is either.
        own = self.model.unscoped.filter(owned_by(owner)).order_by()
        return self.filter(pk__in=own.values("pk").union(granted.values("order_id"), all=True))

    def newest_first(self) -> Self:
        return self.order_by("-placed_at", "-pk")

    def awaiting_payment(self) -> Self:
        return self.filter(status=OrderStatus.AWAITING_PAYMENT)

    def to_ship(self) -> Self:
        """Paid, open, and with pieces left that no refund has released."""
        statuses = [OrderStatus.PAID, OrderStatus.FULFILLING, OrderStatus.PARTIALLY_REFUNDED]
        pieces = OrderLine.unscoped.filter(order=OuterRef("pk"), quantity__gt=F("released"))
        return self.filter(Exists(pieces), status__in=statuses, fulfilment_state__in=["unfulfilled", "packed"])

    def holding_stock(self) -> Self:
        """Orders whose lines are counted in `Stock.reserved`: neither closed nor shipped."""
        return self.filter(closure=Order.Closure.NONE, fulfilment_state__in=["unfulfilled", "packed"])


class Order(OwnedModel):
    """A finished agreement: names, prices, tax and addresses as they were when the button was pressed.

    All amounts are minor units of `currency`. The four state columns move by apps.orders.states only; `status` is their
    summary, stored because people filter by it.
    """

    class PaymentState(models.TextChoices):
        AWAITING = "awaiting", _("awaiting")
        PAID = "paid", _("paid")

    class FulfilmentState(models.TextChoices):
        UNFULFILLED = "unfulfilled", _("not packed")
        PACKED = "packed", _("packed")
        SHIPPED = "shipped", _("shipped")
        DELIVERED = "delivered", _("delivered")

    class RefundState(models.TextChoices):
        NONE = "none", _("none")
        PARTIAL = "partial", _("partial")
        FULL = "full", _("full")

    class Closure(models.TextChoices):
        NONE = "none", _("open")
        CANCELLED = "cancelled", _("cancelled")
        EXPIRED = "expired", _("expired")

    ref = models.CharField(max_length=32, unique=True, default=new_ref, editable=False)
    number = models.CharField(_("number"), max_length=16, unique=True, default=new_number, editable=False)
    checkout_token = models.UUIDField(unique=True, editable=False)

    status = models.CharField(_("status"), max_length=24, choices=OrderStatus, default=OrderStatus.AWAITING_PAYMENT)
    payment_state = models.CharField(_("payment"), max_length=16, choices=PaymentState, default=PaymentState.AWAITING)
    fulfilment_state = models.CharField(
        _("fulfilment"), max_length=16, choices=FulfilmentState, default=FulfilmentState.UNFULFILLED
    )
    refund_state = models.CharField(_("refund"), max_length=16, choices=RefundState, default=RefundState.NONE)
    closure = models.CharField(_("closure"), max_length=16, choices=Closure, default=Closure.NONE)
    version = models.PositiveIntegerField(default=1, editable=False)
    attention = models.CharField(_("needs attention"), max_length=200, blank=True)

    email = models.EmailField(_("email address"))
    language = models.CharField(_("language"), max_length=8, default="en")
    note = models.TextField(_("note"), blank=True, max_length=1000)
    shipping_address = models.JSONField(_("delivery address"), default=dict)
    billing_address = models.JSONField(_("invoice address"), default=dict)
    shipping_method = models.CharField(_("delivery"), max_length=64, blank=True)
    shipping_label = models.CharField(_("delivery"), max_length=120, blank=True)
    payment_method = models.CharField(_("payment method"), max_length=32, blank=True)

    currency = models.CharField(max_length=3)
    prices_include_tax = models.BooleanField(default=True)
    subtotal = models.BigIntegerField(_("subtotal"))
    discount_total = models.BigIntegerField(_("discount"), default=0)
    shipping_total = models.BigIntegerField(_("delivery"))
    tax_total = models.BigIntegerField(_("tax"), help_text=_("All tax, whether the prices include it or not."))
    tax_added = models.BigIntegerField(default=0, help_text=_("Tax on top of prices that do not include it."))
    total = models.BigIntegerField(_("total"))
    tax_lines = models.JSONField(default=list, help_text=_("Per rate: rate, taxable amount, tax."))
    discounts = models.JSONField(default=list, help_text=_("Per discount: its id, code, name and amount."))
    explanation = models.JSONField(default=dict, help_text=_("How every amount came about, to compute it again."))

    placed_at = models.DateTimeField(_("placed"), auto_now_add=True)
    hold_expires_at = models.DateTimeField(_("stock is held until"))
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)

    unscoped = OrderQuerySet.as_manager()
    objects = OwnedManager(OrderQuerySet)

    class Meta(OwnedModel.Meta):
        app_label = "orders"
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-placed_at", "-pk"]
        permissions = [("fulfil_order", "Can pack and ship orders"), ("cancel_order", "Can cancel orders")]
        indexes = [
            models.Index(fields=["-placed_at", "-id"], name="orders_order_newest"),
            models.Index(fields=["status", "-placed_at"], name="orders_order_status"),
            models.Index(fields=["status", "hold_expires_at"], name="orders_order_hold"),
            models.Index(fields=["user", "-placed_at"], name="orders_order_user"),
            models.Index(fields=["guest_key"], name="orders_order_guest"),
            models.Index(fields=["email"], name="orders_order_email"),
            models.Index(fields=["paid_at"], condition=Q(paid_at__isnull=False), name="orders_order_paid"),
            models.Index(fields=["attention"], condition=~Q(attention=""), name="orders_order_attention"),
        ]
        constraints = [
            *OwnedModel.Meta.constraints,
            models.CheckConstraint(
                condition=Q(
                    total=F("subtotal") - F("discount_total") + F("shipping_total") + F("tax_added"),
                ),
                name="orders_order_total_is_its_parts",
            ),
            models.CheckConstraint(
                condition=Q(
                    subtotal__gte=0, discount_total__gte=0, shipping_total__gte=0, tax_total__gte=0, total__gte=0
                ),
                name="orders_order_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(tax_added=0) | Q(tax_added=F("tax_total")), name="orders_order_tax_added_is_all_tax"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("orders:order-detail", args=[self.ref])

    def money(self, amount: int) -> Money:
        return Money(amount, self.currency)

    @property
    def is_final(self) -> bool:
        """Nothing more happens by itself; the status page stops asking."""
        return self.status != OrderStatus.AWAITING_PAYMENT

    @property
    def can_be_paid(self) -> bool:
        return self.status == OrderStatus.AWAITING_PAYMENT


class OrderLine(models.Model):
    owner_path: ClassVar[str] = "order"

    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    sku = models.CharField(_("SKU"), max_length=64)
    title = models.CharField(_("title"), max_length=200)
    option_text = models.CharField(_("options"), max_length=300, blank=True)
    cover = models.JSONField(default=dict)
    quantity = models.PositiveIntegerField(_("quantity"))
    released = models.PositiveIntegerField(
        _("released"), default=0, help_text=_("Pieces given back before they were shipped: refunded, never to be sent.")
    )
    unit_price = models.BigIntegerField(_("unit price"))
    discount = models.BigIntegerField(_("discount"), default=0)
    amount = models.BigIntegerField(_("amount"), help_text=_("Quantity × unit price, before discount."))
    tax_class = models.CharField(max_length=16)
    tax_rate = models.PositiveIntegerField(_("tax rate"), help_text=_("In parts per million."))
    tax = models.BigIntegerField(_("tax"))

    unscoped = OwnedQuerySet.as_manager()
    objects = OwnedManager()

    class Meta:
        app_label = "orders"
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount=F("unit_price") * F("quantity")), name="orders_orderline_amount_is_its_parts"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="orders_orderline_quantity"),
            models.CheckConstraint(
                condition=Q(released__lte=F("quantity")), name="orders_orderline_released_within_quantity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"


class OrderEvent(models.Model):
    """What happened to an order, in order; never edited. Customers see the `public` ones."""

    owner_path: ClassVar[str] = "order"

    class Kind(models.TextChoices):
        PLACED = "placed", _("Order placed")
        PAYMENT_STARTED = "payment_started", _("Payment started")
        PAYMENT_PENDING = "payment_pending", _("Payment under way")
        PAYMENT_FAILED = "payment_failed", _("Payment declined")
        PAID = "paid", _("Payment received")
        PACKED = "packed", _("Packed")
        SHIPPED = "shipped", _("Shipped")
        DELIVERED = "delivered", _("Delivered")
        CANCELLED = "cancelled", _("Cancelled")
        EXPIRED = "expired", _("Expired: not paid in time")
        REOPENED = "reopened", _("Paid late, and taken up again")
        REFUND_STARTED = "refund_started", _("Refund on its way")
        REFUNDED = "refunded", _("Refunded")
        REFUND_FAILED = "refund_failed", _("Refund failed")
        DISPUTED = "disputed", _("Payment disputed")
        ATTENTION = "attention", _("Needs attention")
        NOTE = "note", _("Note")

    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(_("event"), max_length=32, choices=Kind)
    text = models.CharField(_("text"), max_length=300, blank=True)
    data = models.JSONField(default=dict, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    public = models.BooleanField(default=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)

    unscoped = OwnedQuerySet.as_manager()
    objects = OwnedManager()

    class Meta:
        app_label = "orders"
        verbose_name = _("order event")
        verbose_name_plural = _("order events")
        ordering = ["pk"]
