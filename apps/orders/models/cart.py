import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.ownership import OwnedManager, OwnedModel, OwnedQuerySet

MAX_QUANTITY = 999
MAX_LINES = 100
MAX_CODES = 5


class CartQuerySet(OwnedQuerySet):
    def open(self) -> Self:
        return self.filter(state=Cart.State.OPEN)


class Cart(OwnedModel):
    """What an owner means to buy. One is open per owner; placing the order or signing in closes it.

    `checkout_token` makes the checkout repeatable: the order copies it, so a second POST finds the first one's order.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ORDERED = "ordered", _("ordered")
        MERGED = "merged", _("merged")

    state = models.CharField(max_length=16, choices=State, default=State.OPEN)
    checkout_token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    codes = models.JSONField(_("discount codes"), default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    unscoped = CartQuerySet.as_manager()
    objects = OwnedManager(CartQuerySet)

    class Meta(OwnedModel.Meta):
        app_label = "orders"
        verbose_name = _("cart")
        verbose_name_plural = _("carts")
        # Lines are found by the cart's owner alone, of which the index of open carts says nothing.
        indexes = [models.Index(fields=["guest_key", "user"], name="orders_cart_guest")]
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(fields=["user"], condition=Q(state="open"), name="orders_cart_one_open_per_user"),
            models.UniqueConstraint(
                fields=["guest_key"], condition=Q(state="open"), name="orders_cart_one_open_per_guest"
            ),
        ]


class CartLine(models.Model):
    owner_path: ClassVar[str] = "cart"

    cart = models.ForeignKey("orders.Cart", on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    added_at = models.DateTimeField(auto_now_add=True)

    unscoped = OwnedQuerySet.as_manager()
    objects = OwnedManager()

    class Meta:
        app_label = "orders"
        verbose_name = _("cart line")
        verbose_name_plural = _("cart lines")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "variant"], name="orders_cartline_variant_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MAX_QUANTITY), name="orders_cartline_quantity"
            ),
        ]
