"""The one calculation of the shop: what goods, delivery and tax come to.

Pure; cart, checkout, order and refund use it. Rounding happens once per line (and once for delivery), half
up, and everything else is a sum of whole minor units: the total equals its parts to the unit, and a tax line
equals the sum of its lines' tax.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from apps.core.money import Money, round_half_up, total

PARTS_PER_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the goods go: an ISO 3166 code and, where a country taxes by region, its name or code."""

    country: str
    region: str = ""


@dataclass(frozen=True, slots=True)
class TaxTable:
    """Rates in parts per million by (country, region, tax class); region "" is the whole country."""

    rates: Mapping[tuple[str, str, str], int] = field(default_factory=dict)

    def rate(self, destination: Destination, tax_class: str) -> int:
        """The region's own rate, else the country's, else 0: unregistered there, the shop charges no tax."""
        country, region = destination.country.upper(), destination.region.strip().upper()
        regional = self.rates.get((country, region, tax_class)) if region else None
        return regional if regional is not None else self.rates.get((country, "", tax_class), 0)


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """So many pieces at one price. `key` comes back unchanged on the quoted line."""

    key: str
    quantity: int
    unit_price: Money
    tax_class: str


@dataclass(frozen=True, slots=True)
class ShippingChoice:
    code: str
    label: str
    price: Money
    tax_class: str


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """`amount` is quantity × unit price before the discount; `tax` belongs to the discounted amount."""

    key: str
    quantity: int
    unit_price: Money
    amount: Money
    discount: Money
    tax_class: str
    tax_rate: int
    tax: Money


@dataclass(frozen=True, slots=True)
class TaxLine:
    """All that is taxed at one rate: `taxable` is the amount without its tax."""

    rate: int
    taxable: Money
    tax: Money

    def as_dict(self) -> dict[str, int]:
        return {"rate": self.rate, "taxable": self.taxable.amount, "tax": self.tax.amount}


@dataclass(frozen=True, slots=True)
class Quote:
    """total = subtotal − discount + shipping + tax_added, exactly."""

    lines: tuple[QuotedLine, ...]
    shipping_choice: ShippingChoice | None
    subtotal: Money
    discount: Money
    shipping: Money
    tax: Money
    tax_added: Money
    total: Money
    tax_lines: tuple[TaxLine, ...]
    prices_include_tax: bool


def tax_within(amount: Money, rate: int, *, included: bool) -> Money:
    """The tax that `amount` holds (`included`) or that comes on top; `rate` in parts per million, half up."""
    base = PARTS_PER_MILLION + rate if included else PARTS_PER_MILLION
    return Money(round_half_up(Decimal(amount.amount) * rate / base), amount.currency)


def quote(
    lines: Sequence[QuoteLine],
    destination: Destination,
    shipping: ShippingChoice | None,
    taxes: TaxTable,
    *,
    currency: str,
    prices_include_tax: bool,
    codes: Sequence[str] = (),
) -> Quote:
    """What these lines come to at this destination, in minor units of `currency`.

    Without a `shipping` choice delivery is zero. `codes` are discount codes; none exist yet, so they change
    nothing.
    Raises CurrencyMismatch if an amount is of another currency.
    """
    nothing = Money(0, currency)
    quoted = tuple(_quote_line(line, destination, taxes, nothing, prices_include_tax) for line in lines)
    subtotal = total((line.amount for line in quoted), currency)
    discount = total((line.discount for line in quoted), currency)
    shipping_price = nothing + shipping.price if shipping else nothing
    shipping_rate = taxes.rate(destination, shipping.tax_class) if shipping else 0
    shipping_tax = tax_within(shipping_price, shipping_rate, included=prices_include_tax)
    taxed = [(line.tax_rate, line.amount - line.discount, line.tax) for line in quoted]
    if shipping_price:
        taxed.append((shipping_rate, shipping_price, shipping_tax))
    tax = total((line.tax for line in quoted), currency) + shipping_tax
    tax_added = nothing if prices_include_tax else tax
    return Quote(
        lines=quoted,
        shipping_choice=shipping,
        subtotal=subtotal,
        discount=discount,
        shipping=shipping_price,
        tax=tax,
        tax_added=tax_added,
        total=subtotal - discount + shipping_price + tax_added,
        tax_lines=_tax_lines(taxed, nothing, prices_include_tax),
        prices_include_tax=prices_include_tax,
    )


def _quote_line(
    line: QuoteLine, destination: Destination, taxes: TaxTable, discount: Money, included: bool
) -> QuotedLine:
    amount = line.unit_price * line.quantity
    rate = taxes.rate(destination, line.tax_class)
    return QuotedLine(
        key=line.key,
        quantity=line.quantity,
        unit_price=line.unit_price,
        amount=amount,
        discount=discount,
        tax_class=line.tax_class,
        tax_rate=rate,
        tax=tax_within(amount - discount, rate, included=included),
    )


def _tax_lines(taxed: Sequence[tuple[int, Money, Money]], nothing: Money, included: bool) -> tuple[TaxLine, ...]:
    """One line per rate, highest first; goods without tax have none."""
    sums: dict[int, tuple[Money, Money]] = {}
    for rate, amount, tax in taxed:
        if rate:
            taxable, tax_so_far = sums.get(rate, (nothing, nothing))
            sums[rate] = (taxable + (amount - tax if included else amount), tax_so_far + tax)
    return tuple(TaxLine(rate, *sums[rate]) for rate in sorted(sums, reverse=True))
