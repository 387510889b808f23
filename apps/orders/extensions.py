"""What orders needs from apps to its right: ways to pay, prices of delivery, parts of its page. Filled in `ready()`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.money import Money

if TYPE_CHECKING:
    from apps.orders.models import Order
    from apps.pricing.quote import Quote


class PaymentUnavailable(DomainError):
    """Raised by `start` when the provider can't be reached; the attempt stays open."""

    message = _("The payment page can't be reached at the moment. Please try again in a minute.")


class PaymentMethod(Protocol):
    """A way to pay. An absent one is a checkout that says payment is not set up."""

    code: str
    label: str | Promise
    description: str | Promise

    def available(self, quote: Quote) -> bool:
        """Whether the method can be offered for this quote; no network."""

    def prepare(self, order: Order, *, first: bool = False) -> None:
        """Write the rows of an attempt to pay; runs inside the order's transaction, so no network.

        `first`: the order was written in this transaction, so there can be no attempt to look for.
        """

    def start(self, order: Order) -> str:
        """The URL to send the buyer to. Network, after commit; may be repeated and gives the same open attempt."""

    def close(self, order: Order) -> bool:
        """End what is open at the provider. Network. True means that no money can come any more."""


@dataclass(frozen=True, slots=True)
class RateRequest:
    """What the price of delivery depends on. Weight in grams, `goods` after discounts."""

    country: str
    region: str
    postal_code: str
    weight_grams: int
    goods: Money


@dataclass(frozen=True, slots=True)
class Rate:
    """One offer of delivery."""

    code: str
    label: str
    description: str
    price: Money
    tax_class: str


class ShippingRates(Protocol):
    def rates(self, request: RateRequest) -> list[Rate]:
        """Offers for the destination, cheapest first or as staff ordered them; answers within two seconds."""


@dataclass(frozen=True, slots=True)
class OrderSection:
    """A part of the order's page below its totals: invoices, refunds. The template gets `order` and the context.

    It stands in no form, reads rows of this order only, and renders to nothing where it has nothing to say.
    """

    template: str
    context: Callable[[Order], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class MailAttachment:
    """A file for one of the mails of an order: `message` is its name, "payment_received".

    `kind` is what notifications knows the maker of the file by; its reference is the order's primary key. `line` is
    said in the mail.
    """

    message: str
    kind: str
    line: str | Promise


_payment_methods: dict[str, PaymentMethod] = {}
_shipping_rates: list[ShippingRates] = []
_order_sections: list[OrderSection] = []
_mail_attachments: list[MailAttachment] = []


def register_payment_method(method: PaymentMethod) -> None:
    _payment_methods[method.code] = method


def register_shipping_rates(source: ShippingRates) -> None:
    _shipping_rates.append(source)


def payment_methods() -> Mapping[str, PaymentMethod]:
    """The registered methods by code, in the order of registration; those that PAYMENT_METHODS names register."""
    return _payment_methods


def shipping_rates(request: RateRequest) -> list[Rate]:
    """Every source's offers; empty where nothing delivers to the destination."""
    return [rate for source in _shipping_rates for rate in source.rates(request)]


def register_order_section(section: OrderSection) -> None:
    _order_sections.append(section)


def order_sections(order: Order) -> list[SafeString]:
    """What other apps show on the page of an order, in the order of registration, without empty parts.

    The caller has checked that the visitor may see the order.
    """
    parts = (
        render_to_string(section.template, {**section.context(order), "order": order}) for section in _order_sections
    )
    return [part for part in parts if part.strip()]


def register_mail_attachment(attachment: MailAttachment) -> None:
    _mail_attachments.append(attachment)


def mail_attachments(message: str) -> list[MailAttachment]:
    return [attachment for attachment in _mail_attachments if attachment.message == message]
