"""What orders needs from apps to its right: ways to pay, prices of delivery. They register in `ready()`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.utils.functional import Promise
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

    def prepare(self, order: Order) -> None:
        """Write the rows of an attempt to pay; runs inside the order's transaction, so no network."""

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


_payment_methods: dict[str, PaymentMethod] = {}
_shipping_rates: list[ShippingRates] = []


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
