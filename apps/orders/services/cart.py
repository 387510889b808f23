"""Putting things into a cart, changing how many, and taking a guest's cart along into an account."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from apps.catalog.selectors import VariantInfo, variant_by_sku
from apps.core.ownership import Owner
from apps.orders import selectors
from apps.orders.errors import CartFull, InvalidQuantity, NotForSale, SoldOutItem, UnknownItem
from apps.orders.models import Cart, CartLine, Order, OrderLine
from apps.orders.models.cart import MAX_CODES, MAX_QUANTITY
from apps.orders.services.adding import add_pieces, lock_open_cart
from apps.users.models import User


def parse_quantity(text: str) -> int:
    """A count that was typed or posted: plain digits 0 to 999. Raises InvalidQuantity for anything else."""
    # str.isdigit() and int() know the digits of every script; a quantity is written in ours.
    if not (text.isascii() and text.isdigit() and len(text) <= 4) or int(text) > MAX_QUANTITY:
        raise InvalidQuantity
    return int(text)


def add_to_cart(*, owner: Owner, sku: str, quantity: int) -> selectors.Basket:
    """Add pieces of a variant to the owner's open cart, which is made if there is none; a line never exceeds 999.

    Returns the cart with them. The same reading of it says whether the variant may be sold at all. Raises
    InvalidQuantity, UnknownItem, NotForSale, SoldOutItem, CartFull; then the cart is as it was.
    """
    if not 1 <= quantity <= MAX_QUANTITY:
        raise InvalidQuantity
    _check_can_be_stored(sku)
    with transaction.atomic():
        if not add_pieces(cart_id=lock_open_cart(owner), sku=sku, quantity=quantity):
            _check_may_be_added(variant_by_sku(sku))
            raise CartFull
        basket = selectors.basket(owner)
        _check_may_be_added(next(line.variant for line in basket.lines if line.variant.sku == sku))
    return basket


def set_quantity(*, owner: Owner, sku: str, quantity: int) -> CartLine | None:
    """Set a line of the owner's cart to so many pieces; 0 removes it and returns None.

    More than is in stock may be wanted: the cart says so, and only placing the order decides. Raises
    InvalidQuantity, and UnknownItem if no line of this owner's cart has the SKU.
    """
    if not 0 <= quantity <= MAX_QUANTITY:
        raise InvalidQuantity
    _check_can_be_stored(sku)
    lines = CartLine.objects.for_owner(owner).filter(cart__state=Cart.State.OPEN, variant__sku=sku)
    with transaction.atomic():
        found: CartLine | None = lines.select_related("variant").first()
        if found is None:
            raise UnknownItem
        _lock_cart(found.cart_id)
        if quantity == 0:
            CartLine.unscoped.filter(pk=found.pk).delete()
            return None
        # Only while the cart is open: a second tab may just have ordered it.
        CartLine.unscoped.filter(pk=found.pk, cart__state=Cart.State.OPEN).update(quantity=quantity)
        found.quantity = quantity
        return found


def reorder(*, owner: Owner, order: Order) -> list[str]:
    """Put the pieces of an earlier order into the cart; returns the titles of what can't be bought any more."""
    left_out: list[str] = []
    for line in OrderLine.unscoped.filter(order=order):
        try:
            add_to_cart(owner=owner, sku=line.sku, quantity=min(line.quantity, MAX_QUANTITY))
        except (UnknownItem, NotForSale, SoldOutItem, CartFull):
            left_out.append(line.title)
    return left_out


def merge_guest_cart(*, guest: Owner, user_id: int) -> bool:
    """Bring a guest's open cart into the account: taken over as it is, or added to the account's open cart with its
    codes.

    Returns whether there was one. A second run finds none, so two sign-ins at once merge it once.
    """
    if not guest.guest_key:
        return False
    with transaction.atomic():
        # The user's row first: two sign-ins with different guest carts must not both make a cart for the account.
        User.objects.select_for_update().get(pk=user_id)
        carts: Iterable[Cart] = (
            Cart.unscoped.open()
            .filter(Q(guest_key=guest.guest_key) | Q(user_id=user_id))
            .select_for_update()
            .order_by("pk")
        )
        by_owner = {cart.user_id: cart for cart in carts}
        guest_cart, own_cart = by_owner.get(None), by_owner.get(user_id)
        if guest_cart is None:
            return False
        if own_cart is None:
            # Keeps its token, so a checkout page that is open in another tab stays good.
            Cart.unscoped.filter(pk=guest_cart.pk).update(user_id=user_id, guest_key=None)
            return True
        codes = list(dict.fromkeys([*own_cart.codes, *guest_cart.codes]))[:MAX_CODES]
        if codes != own_cart.codes:
            Cart.unscoped.filter(pk=own_cart.pk).update(codes=codes)
        for sku, quantity in guest_cart.lines.values_list("variant__sku", "quantity"):
            if not add_pieces(cart_id=own_cart.pk, sku=sku, quantity=quantity):
                break
        Cart.unscoped.filter(pk=guest_cart.pk).update(state=Cart.State.MERGED)
        return True


def _lock_cart(cart_id: int) -> None:
    Cart.unscoped.select_for_update().get(pk=cart_id)


def _check_can_be_stored(sku: str) -> None:
    if "\x00" in sku:  # PostgreSQL refuses it with an error instead of finding nothing
        raise UnknownItem


def _check_may_be_added(info: VariantInfo | None) -> None:
    if info is None or not info.visible:
        raise UnknownItem
    if info.price is None:
        raise NotForSale
    if not info.backorder and info.available < 1:
        raise SoldOutItem
