"""How every amount of a quote came about: kept with the order as plain data, and able to compute it again.

The explanation holds what the calculation started from (pieces, prices, rates, the discounts in the order in which they
came off and the lines they applied to) and what each step made of it, in minor units. `recompute` starts from the first
alone and must come to the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from apps.core.money import Money, total
from apps.pricing.quote import AppliedDiscount, Quote, QuotedLine, tax_within
from apps.pricing.rules import FREE_SHIPPING, taken_off

VERSION = 1

Explanation = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figures:
    """What an explanation comes to, in minor units: `lines` and `discounts` per position, as the order stores them."""

    subtotal: int
    discount: int
    shipping: int
    tax: int
    tax_added: int
    total: int
    lines: tuple[tuple[int, int], ...]
    discounts: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class StoredTerms:
    kind: str
    value: int
    buy: int
    get: int


def explain(quoted: Quote) -> Explanation:
    """The explanation of a quote, ready for a JSON column."""
    return {
        "version": VERSION,
        "currency": quoted.total.currency,
        "prices_include_tax": quoted.prices_include_tax,
        "lines": [_line(line) for line in quoted.lines],
        "discounts": [_discount(discount) for discount in quoted.discounts],
        "delivery": {
            "label": quoted.delivery.label,
            "chosen": quoted.shipping_choice is not None,
            "price": quoted.delivery.amount.amount,
            "discount": quoted.delivery.discount.amount,
            "tax_rate": quoted.delivery.tax_rate,
            "tax": quoted.delivery.tax.amount,
        },
        "subtotal": quoted.subtotal.amount,
        "discount": quoted.discount.amount,
        "shipping": quoted.shipping.amount,
        "tax": quoted.tax.amount,
        "tax_added": quoted.tax_added.amount,
        "tax_lines": [line.as_dict() for line in quoted.tax_lines],
        "total": quoted.total.amount,
    }


def recompute(explanation: Explanation) -> Figures:
    """Compute all figures again from pieces, prices, rates and discounts alone.

    Raises ValueError for a version that this code does not know.
    """
    if explanation.get("version") != VERSION:
        raise ValueError(f"Explanations of version {explanation.get('version')} can't be computed.")
    currency, included = explanation["currency"], explanation["prices_include_tax"]
    lines, delivery = explanation["lines"], explanation["delivery"]
    amounts = [Money(line["unit_price"], currency) * line["quantity"] for line in lines]
    left, price = list(amounts), Money(delivery["price"], currency)
    discounts = []
    for discount in explanation["discounts"]:
        off = _take_off(discount, lines, left, currency)
        waived = price if discount["kind"] == FREE_SHIPPING else Money(0, currency)
        price -= waived
        discounts.append((off.amount, waived.amount))
    taxes = [tax_within(amount, line["tax_rate"], included=included) for amount, line in zip(left, lines, strict=True)]
    tax = total(taxes, currency) + tax_within(price, delivery["tax_rate"], included=included)
    subtotal, goods = total(amounts, currency), total(left, currency)
    added = Money(0, currency) if included else tax
    return Figures(
        subtotal=subtotal.amount,
        discount=(subtotal - goods).amount,
        shipping=price.amount,
        tax=tax.amount,
        tax_added=added.amount,
        total=(goods + price + added).amount,
        lines=tuple(
            ((amount - rest).amount, tax.amount) for amount, rest, tax in zip(amounts, left, taxes, strict=True)
        ),
        discounts=tuple(discounts),
    )


def stored_figures(explanation: Explanation) -> Figures:
    """The figures as the explanation states them."""
    return Figures(
        **{name: explanation[name] for name in ("subtotal", "discount", "shipping", "tax", "tax_added", "total")},
        lines=tuple((line["discount"], line["tax"]) for line in explanation["lines"]),
        discounts=tuple((discount["amount"], discount["delivery"]) for discount in explanation["discounts"]),
    )


def _take_off(discount: dict[str, Any], lines: list[dict[str, Any]], left: list[Money], currency: str) -> Money:
    targets: list[int] = discount["lines"]
    terms = StoredTerms(discount["kind"], discount["value"], discount["buy"], discount["get"])
    off = taken_off(
        terms, left=[left[index] for index in targets], pieces=[lines[index]["quantity"] for index in targets]
    )
    for index, reduction in zip(targets, off, strict=True):
        left[index] -= reduction
    return total(off, currency)


def _line(line: QuotedLine) -> dict[str, Any]:
    return {
        "key": line.key,
        "label": line.label,
        "quantity": line.quantity,
        "unit_price": line.unit_price.amount,
        "amount": line.amount.amount,
        "discount": line.discount.amount,
        "tax_rate": line.tax_rate,
        "tax": line.tax.amount,
    }


def _discount(applied: AppliedDiscount) -> dict[str, Any]:
    rule = applied.rule
    by_line = {index: off.amount for index, off in enumerate(applied.by_line) if off is not None}
    return {
        **applied.as_dict(),
        "kind": rule.kind,
        "value": rule.value,
        "buy": rule.buy,
        "get": rule.get,
        "combinable": rule.combinable,
        "lines": list(by_line),
        "off": list(by_line.values()),
    }
