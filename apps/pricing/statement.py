"""An explanation in plain words: every amount of a cart or an order with the steps that lead to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from typing import Any

from babel.numbers import format_currency, format_decimal
from django.conf import settings
from django.utils.translation import get_language, gettext, ngettext, to_locale

from apps.core.money import Money, minor_digits
from apps.pricing.explanation import Explanation
from apps.pricing.rules import AMOUNT, FREE_SHIPPING, PARTS_PER_MILLION, PERCENT

_MORE_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """An amount with its label and why it is so. `kind`: goods, discount, delivery, tax, total or included."""

    kind: str
    label: str
    amount: Money
    steps: list[str] = field(default_factory=list)

    @property
    def is_free(self) -> bool:
        return self.kind == "delivery" and not self.amount


def percent_text(parts_per_million: int) -> str:
    """As the reader writes a percentage: 190000 is "19", 255000 is "25.5" or "25,5"."""
    return str(format_decimal(Decimal(parts_per_million) / 10_000, format="#,##0.####", locale=_locale()))


def statement(explanation: Explanation) -> list[Entry]:
    """The entries of an order or a checkout from goods to total, in the reader's language.

    Taxes come before the total where they are added to it, and after it where it includes them. A quote without
    delivery (a cart) ends with what its goods come to.
    """
    told = _Told(explanation)
    taxes = list(told.taxes())
    if not explanation["delivery"]["chosen"] and not taxes:
        return told.cart()
    rows = [told.goods(), *told.discounts()]
    if explanation["delivery"]["chosen"]:
        rows.append(told.delivery())
    if explanation["prices_include_tax"]:
        return [*rows, told.total(), *taxes]
    return [*rows, *taxes, told.total()]


class _Told:
    def __init__(self, explanation: Explanation) -> None:
        self.data = explanation
        self.lines: list[dict[str, Any]] = explanation["lines"]
        self.included: bool = explanation["prices_include_tax"]

    def money(self, amount: int) -> Money:
        return Money(amount, self.data["currency"])

    def goods(self) -> Entry:
        step = gettext("%(label)s: %(pieces)d × %(price)s = %(amount)s")
        steps = [
            step
            % {
                "label": line["label"] or line["key"],
                "pieces": line["quantity"],
                "price": self.money(line["unit_price"]),
                "amount": self.money(line["amount"]),
            }
            for line in self.lines
        ]
        return Entry("goods", gettext("Subtotal"), self.money(self.data["subtotal"]), steps)

    def cart(self) -> list[Entry]:
        """What the goods come to; without a discount one amount says it all."""
        goods = self.goods()
        if not self.data["discounts"]:
            return [Entry("total", goods.label, goods.amount, goods.steps)]
        total = self.total()
        left = Entry("total", gettext("Subtotal"), total.amount, total.steps)
        return [Entry("goods", gettext("Goods"), goods.amount, goods.steps), *self.discounts(), left]

    def discounts(self) -> Iterator[Entry]:
        left = [line["amount"] for line in self.lines]
        for number, discount in enumerate(self.data["discounts"]):
            steps = [_rule(discount, self)]
            if number and discount["amount"]:
                steps.append(gettext("It works on what the discounts before it left."))
            steps += self._reductions(discount, left)
            for index, off in zip(discount["lines"], discount["off"], strict=True):
                left[index] -= off
            label = f"{discount['name']} ({discount['code']})" if discount["code"] else discount["name"]
            if discount["amount"] or not discount["delivery"]:
                yield Entry("discount", label, self.money(discount["amount"]), steps)

    def _reductions(self, discount: dict[str, Any], left: list[int]) -> Iterator[str]:
        for index, off in zip(discount["lines"], discount["off"], strict=True):
            line = self.lines[index]
            facts = {
                "label": line["label"] or line["key"],
                "left": self.money(left[index]),
                "off": self.money(off),
                "percent": percent_text(discount["value"]),
            }
            if discount["kind"] == PERCENT:
                exact = Decimal(left[index] * discount["value"]) / PARTS_PER_MILLION
                step = gettext("%(label)s: %(percent)s %% of %(left)s") % facts
                yield step + self._rounded(exact, off)
            elif off:
                yield gettext("%(label)s: %(off)s of %(left)s") % facts

    def delivery(self) -> Entry:
        delivery = self.data["delivery"]
        steps = [
            gettext("%(label)s costs %(price)s.") % {"label": delivery["label"], "price": self.money(delivery["price"])}
        ]
        for discount in self.data["discounts"]:
            if discount["delivery"]:
                steps.append(
                    gettext("The discount “%(name)s” takes off %(amount)s.")
                    % {"name": discount["name"], "amount": self.money(discount["delivery"])}
                )
        return Entry("delivery", gettext("Delivery"), self.money(self.data["shipping"]), steps)

    def taxes(self) -> Iterator[Entry]:
        label = gettext("Includes %(rate)s %% tax") if self.included else gettext("Tax %(rate)s %%")
        for tax in self.data["tax_lines"]:
            rate = tax["rate"]
            steps = [
                self._tax(line["label"] or line["key"], line["amount"] - line["discount"], rate, line["tax"])
                for line in self.lines
                if line["tax_rate"] == rate
            ]
            delivery = self.data["delivery"]
            if delivery["tax_rate"] == rate and self.data["shipping"]:
                steps.append(self._tax(gettext("Delivery"), self.data["shipping"], rate, delivery["tax"]))
            kind = "included" if self.included else "tax"
            yield Entry(kind, label % {"rate": percent_text(rate)}, self.money(tax["tax"]), steps)

    def _tax(self, label: str, amount: int, rate: int, tax: int) -> str:
        base = PARTS_PER_MILLION + rate if self.included else PARTS_PER_MILLION
        facts = {
            "label": label,
            "amount": self.money(amount),
            "rate": percent_text(rate),
            "whole": percent_text(PARTS_PER_MILLION + rate),
        }
        step = gettext("%(label)s: %(amount)s × %(rate)s ÷ %(whole)s") if self.included else ""
        step = step or gettext("%(label)s: %(amount)s × %(rate)s %%")
        return step % facts + self._rounded(Decimal(amount) * rate / base, tax)

    def total(self) -> Entry:
        data = self.data
        parts = [gettext("Goods %(amount)s") % {"amount": self.money(data["subtotal"])}]
        if data["discount"]:
            parts.append(gettext("− discounts %(amount)s") % {"amount": self.money(data["discount"])})
        if data["delivery"]["chosen"]:
            parts.append(gettext("+ delivery %(amount)s") % {"amount": self.money(data["shipping"])})
        if data["tax_added"]:
            parts.append(gettext("+ tax %(amount)s") % {"amount": self.money(data["tax_added"])})
        total = self.money(data["total"])
        steps = [" ".join([*parts, f"= {total}"])]
        if data["tax"] and self.included:
            steps.append(gettext("These prices include the tax."))
        return Entry("total", gettext("Total"), total, steps)

    def _rounded(self, exact: Decimal, amount: int) -> str:
        """ " = €4.00", or with what it was before it was rounded half up."""
        if exact == amount:
            return f" = {self.money(amount)}"
        return gettext(" = %(exact)s, rounded to %(amount)s") % {
            "exact": _exact(exact, self.data["currency"]),
            "amount": self.money(amount),
        }


def _rule(discount: dict[str, Any], told: _Told) -> str:
    facts = {
        "percent": percent_text(discount["value"]),
        "amount": told.money(discount["value"] if discount["kind"] == AMOUNT else discount["delivery"]),
        "pieces": discount["buy"] + discount["get"],
        "reduced": discount["get"],
    }
    if discount["kind"] == PERCENT:
        return gettext("%(percent)s %% off each article that it applies to, rounded once per article.") % facts
    if discount["kind"] == AMOUNT:
        return gettext("%(amount)s off, spread over the articles in proportion to their amounts.") % facts
    if discount["kind"] == FREE_SHIPPING:
        return gettext("The delivery costs nothing.")
    if discount["value"] == PARTS_PER_MILLION:
        free = ngettext(
            "Of every %(pieces)d pieces the cheapest one is free.",
            "Of every %(pieces)d pieces the cheapest %(reduced)d are free.",
            discount["get"],
        )
        return free % facts
    return (
        ngettext(
            "Of every %(pieces)d pieces the cheapest one is reduced by %(percent)s %%.",
            "Of every %(pieces)d pieces the cheapest %(reduced)d are reduced by %(percent)s %%.",
            discount["get"],
        )
        % facts
    )


def _exact(minor_units: Decimal, currency: str) -> str:
    digits = minor_digits(currency)
    step = Decimal(1).scaleb(-digits - _MORE_DIGITS)
    value = minor_units.scaleb(-digits).quantize(step, rounding=ROUND_DOWN).normalize()
    return str(format_currency(value, currency, locale=_locale(), currency_digits=False, decimal_quantization=False))


def _locale() -> str:
    return to_locale(get_language() or settings.LANGUAGE_CODE)
