"""Discount codes of a cart: kept as entered, looked at anew whenever the cart is quoted."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from apps.core.ownership import Owner
from apps.orders import selectors
from apps.orders.errors import CodeRefused, EmptyCart, TooManyCodes
from apps.orders.models import Cart
from apps.orders.models.cart import MAX_CODES
from apps.orders.services.checkout import quote_goods
from apps.pricing.models.discount import normal_code
from apps.pricing.quote import CodeOutcome
from apps.pricing.rules import FINAL, Refusal
from apps.pricing.wording import code_text

_SHOWN = 40


def add_code(*, owner: Owner, text: str, email: str = "") -> CodeOutcome:
    """Keep a code with the owner's open cart; returns what it does there, which may be to wait for more goods.

    Raises EmptyCart, TooManyCodes, and CodeRefused if nothing the buyer adds can make it work; then the cart is as it
    was. Adding it again changes nothing.
    """
    basket = selectors.basket(owner)
    if not basket.lines:
        raise EmptyCart
    code = normal_code(text)
    if not code:
        shown = " ".join(text.replace("\x00", "").split())[:_SHOWN]
        raise CodeRefused(code_text(CodeOutcome(shown, refusal=Refusal.UNKNOWN)))
    tried = replace(basket, codes=tuple(dict.fromkeys([*basket.codes, code])), may_be_discounted=True)
    told = quote_goods(tried, email=email).codes
    outcome = next(outcome for outcome in told if outcome.code == code)
    if outcome.refusal in FINAL:
        raise CodeRefused(code_text(outcome))
    with transaction.atomic():
        cart = _lock_cart(owner)
        if cart is None:
            raise EmptyCart
        if code not in cart.codes:
            if len(cart.codes) >= MAX_CODES:
                raise TooManyCodes
            _write_codes(cart, [*cart.codes, code])
    return outcome


def remove_code(*, owner: Owner, text: str) -> None:
    """Take a code out of the owner's open cart; nothing happens if it is not there."""
    with transaction.atomic():
        cart = _lock_cart(owner)
        if cart is not None and text in cart.codes:
            _write_codes(cart, [code for code in cart.codes if code != text])


def _lock_cart(owner: Owner) -> Cart | None:
    cart: Cart | None = Cart.objects.for_owner(owner).open().select_for_update().first()
    return cart


def _write_codes(cart: Cart, codes: list[str]) -> None:
    Cart.unscoped.filter(pk=cart.pk).update(codes=codes)
