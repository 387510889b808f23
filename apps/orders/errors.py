"""What orders refuses, in words for the buyer or the clerk. Nothing has changed when one of these is raised."""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError


class InvalidQuantity(DomainError):
    status: ClassVar[int] = 422
    message = _("Enter a whole number from 1 to 999.")


class UnknownItem(DomainError):
    """No such SKU, or one that a visitor may not see; both read the same."""

    status: ClassVar[int] = 404
    message = _("This article does not exist.")


class NotForSale(DomainError):
    message = _("This article can't be bought at the moment.")


class SoldOutItem(DomainError):
    """Not one piece is left. (`catalog` raises its own SoldOut when a whole order can't be held.)"""

    message = _("This article is sold out.")


class CartFull(DomainError):
    message = _("The cart is full. Order what is in it first.")


class EmptyCart(DomainError):
    message = _("There is nothing in your cart to order.")


class ArticleGone(DomainError):
    """Lines of the cart that are no longer sold; `titles` names them."""

    def __init__(self, titles: list[str]) -> None:
        self.titles = titles
        super().__init__(_("No longer sold: %(titles)s. Remove it to go on.") % {"titles": ", ".join(titles)})


class CodeRefused(DomainError):
    """A discount code that can't work in any cart; the message says why."""


class TooManyCodes(DomainError):
    message = _("A cart keeps five codes. Remove one to enter another.")


class PriceChanged(DomainError):
    message = _("A price or the contents of your cart changed meanwhile. Please check the new total.")


class NoDelivery(DomainError):
    message = _("We can't deliver to this address. Please choose another country or delivery.")


class PaymentNotSetUp(DomainError):
    message = _("Payment is not set up in this shop, so nothing can be ordered yet.")


class PaymentMethodGone(DomainError):
    message = _("This way to pay is not offered. Please choose another.")


class PaymentUnderWay(DomainError):
    message = _("A payment of this order is under way and can't be stopped. Try again in a few minutes.")


class IllegalMove(DomainError):
    """The order is in a state from which this step is not possible."""

    message = _("This order has moved on meanwhile, so this step is not possible any more.")

    def __init__(self, message: str | Promise = "") -> None:
        super().__init__(message)


class NothingToSend(DomainError):
    message = _("Every piece of this order was given back, so nothing is left to send.")


class LinkInvalid(DomainError):
    """The link never existed, ran out or was revoked; all three read the same."""

    status: ClassVar[int] = 404
    message = _("This link is not valid any more.")
