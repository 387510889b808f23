"""The one calculation of the shop: what goods, discounts, delivery and tax come to.

Pure; cart, checkout, order and refund use it. Rounding happens once per line and discount, once per line for its tax
(and once for delivery), half up, and everything else is a sum of whole minor units: the total equals its parts to the
unit, and a tax line equals the sum of its lines' tax.

How discounts are combined: those that may be combined come off one after the other, the automatic ones by their rank,
then the codes in the order in which they were entered; each works on what the earlier ones left. One that can't be
combined stands alone, and whichever makes the lowest total is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from apps.core.money import Money, round_half_up, total
from apps.pricing import stacking
from apps.pricing.rules import Rule
from apps.pricing.stacking import AppliedDiscount, CodeOutcome, QuoteLine

__all__ = [
    "AppliedDiscount",
    "CodeOutcome",
    "Destination",
    "Quote",
    "QuoteLine",
    "QuotedLine",
    "ShippingChoice",
    "TaxLine",
    "TaxTable",
    "quote",
    "tax_within",
]

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
        regional = self.rates.get((country, region, tax_class))
        return regional if regional is not None else self.rates.get((country, "", tax_class), 0)


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
    label: str = ""


@dataclass(frozen=True, slots=True)
class TaxLine:
    """All that is taxed at one rate: `taxable` is the amount without its tax."""

    rate: int
    taxable: Money
    tax: Money

    def as_dict(self) -> dict[str, int]:
        return {"rate": self.rate, "taxable": self.taxable.amount, "tax": self.tax.amount}


@dataclass(frozen=True, slots=True)
class QuotedDelivery:
    """`amount` is before the discount; `tax` belongs to what is left."""

    label: str
    amount: Money
    discount: Money
    tax_rate: int
    tax: Money

    @property
    def price(self) -> Money:
        return self.amount - self.discount


@dataclass(frozen=True, slots=True)
class Quote:
    """total = subtotal − discount + shipping + tax_added, exactly. `shipping` is what is left to pay for delivery."""

    lines: tuple[QuotedLine, ...]
    shipping_choice: ShippingChoice | None
    delivery: QuotedDelivery
    subtotal: Money
    discount: Money
    shipping: Money
    tax: Money
    tax_added: Money
    total: Money
    tax_lines: tuple[TaxLine, ...]
    prices_include_tax: bool
    discounts: tuple[AppliedDiscount, ...] = ()
    codes: tuple[CodeOutcome, ...] = ()

    @property
    def goods(self) -> Money:
        """The goods after discounts, before delivery."""
        return self.subtotal - self.discount


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
    discounts: Sequence[Rule] = (),
    codes: Sequence[str] = (),
) -> Quote:
    """What these lines come to at this destination, in minor units of `currency`.

    Without a `shipping` choice delivery is zero. `discounts` are the automatic ones and those of `codes`; `codes` are
    as entered, and each has an outcome that says why, if it takes nothing off.
    Raises CurrencyMismatch if an amount is of another currency.
    """
    price = Money(0, currency) + shipping.price if shipping else Money(0, currency)
    rates = [taxes.rate(destination, line.tax_class) for line in lines]
    shipping_rate = taxes.rate(destination, shipping.tax_class) if shipping else 0
    usable = [rule for rule in stacking.in_order(discounts, codes) if stacking.lacks(rule, lines, currency) is None]

    best: Quote | None = None
    taken: Sequence[Rule] = ()
    for rules in stacking.combinations(usable):
        applied = stacking.apply(rules, lines, price)
        delivery = _delivery(shipping, price, applied, shipping_rate, prices_include_tax)
        settled = _settle(lines, rates, applied, delivery, shipping, prices_include_tax)
        if best is None or settled.total < best.total:
            best, taken = settled, rules
    assert best is not None  # there is always the combination of none
    told = stacking.outcomes(
        codes, discounts, taken, best.discounts, lines, currency, has_delivery=shipping is not None
    )
    return replace(best, codes=tuple(told))


def _delivery(
    shipping: ShippingChoice | None, price: Money, applied: Sequence[AppliedDiscount], rate: int, included: bool
) -> QuotedDelivery:
    waived = total((discount.delivery for discount in applied), price.currency)
    return QuotedDelivery(
        label=shipping.label if shipping else "",
        amount=price,
        discount=waived,
        tax_rate=rate,
        tax=tax_within(price - waived, rate, included=included),
    )


def _settle(
    lines: Sequence[QuoteLine],
    rates: Sequence[int],
    applied: tuple[AppliedDiscount, ...],
    delivery: QuotedDelivery,
    shipping: ShippingChoice | None,
    included: bool,
) -> Quote:
    nothing = delivery.amount - delivery.amount
    currency = nothing.currency
    quoted = tuple(
        _quote_line(line, rate, total((off for d in applied if (off := d.by_line[index])), currency), included)
        for index, (line, rate) in enumerate(zip(lines, rates, strict=True))
    )
    subtotal = total((line.amount for line in quoted), currency)
    discount = total((line.discount for line in quoted), currency)
    taxed = [(line.tax_rate, line.amount - line.discount, line.tax) for line in quoted]
    if delivery.price:
        taxed.append((delivery.tax_rate, delivery.price, delivery.tax))
    tax = total((line.tax for line in quoted), currency) + delivery.tax
    tax_added = nothing if included else tax
    return Quote(
        lines=quoted,
        shipping_choice=shipping,
        delivery=delivery,
        subtotal=subtotal,
        discount=discount,
        shipping=delivery.price,
        tax=tax,
        tax_added=tax_added,
        total=subtotal - discount + delivery.price + tax_added,
        tax_lines=tax_lines(taxed, nothing, included),
        prices_include_tax=included,
        discounts=applied,
    )


def _quote_line(line: QuoteLine, rate: int, discount: Money, included: bool) -> QuotedLine:
    amount = line.amount
    return QuotedLine(
        key=line.key,
        quantity=line.quantity,
        unit_price=line.unit_price,
        amount=amount,
        discount=discount,
        tax_class=line.tax_class,
        tax_rate=rate,
        tax=tax_within(amount - discount, rate, included=included),
        label=line.label,
    )


def tax_lines(taxed: Sequence[tuple[int, Money, Money]], nothing: Money, included: bool) -> tuple[TaxLine, ...]:
    """One line per rate, highest first; goods without tax have none. `taxed` is (rate, amount, its tax)."""
    sums: dict[int, tuple[Money, Money]] = {}
    for rate, amount, tax in taxed:
        if rate:
            taxable, tax_so_far = sums.get(rate, (nothing, nothing))
            sums[rate] = (taxable + (amount - tax if included else amount), tax_so_far + tax)
    return tuple(TaxLine(rate, *sums[rate]) for rate in sorted(sums, reverse=True))
