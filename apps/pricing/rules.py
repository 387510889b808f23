"""Discounts as the calculation sees them: plain data, and the four ways to take something off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from apps.core.money import Money, round_half_up, total

PARTS_PER_MILLION = 1_000_000
PERCENT, AMOUNT, FREE_SHIPPING, BUY_X_GET_Y = "percent", "amount", "free_shipping", "buy_x_get_y"


class Refusal(StrEnum):
    """Why a code takes nothing off."""

    UNKNOWN = "unknown"
    NOT_STARTED = "not_started"
    ENDED = "ended"
    USED_UP = "used_up"
    PER_CUSTOMER = "per_customer"
    MINIMUM = "minimum"
    NO_MATCH = "no_match"
    TOO_FEW = "too_few"
    NOT_COMBINED = "not_combined"
    NO_EFFECT = "no_effect"
    AT_DELIVERY = "at_delivery"


# Nothing the buyer puts into the cart makes such a code work.
FINAL = frozenset(
    {Refusal.UNKNOWN, Refusal.NOT_STARTED, Refusal.ENDED, Refusal.USED_UP, Refusal.PER_CUSTOMER},
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One discount. `value` is parts per million, or minor units for an amount; `code` is "" for an automatic one.

    `refusal` says why it can't be used at all (its time, its limits); what the cart lacks is found by the quote.
    """

    discount_id: int
    name: str
    kind: str
    value: int = 0
    code: str = ""
    buy: int = 0
    get: int = 0
    minimum: int = 0
    combinable: bool = True
    priority: int = 0
    version: int = 1
    categories: frozenset[str] = frozenset()
    products: frozenset[int] = frozenset()
    refusal: Refusal | None = None
    per_customer_limit: int | None = None

    def matches(self, product_id: int, category_path: str) -> bool:
        """Whether it applies to such an article: no list of targets means everything."""
        if not self.categories and not self.products:
            return True
        branch = f"{category_path}/"
        return product_id in self.products or any(branch.startswith(f"{path}/") for path in self.categories)


class Terms(Protocol):
    """What of a discount decides how much it takes off."""

    @property
    def kind(self) -> str:
        """PERCENT, AMOUNT, FREE_SHIPPING or BUY_X_GET_Y."""

    @property
    def value(self) -> int:
        """Parts per million, or minor units of an amount."""

    @property
    def buy(self) -> int:
        """Pieces at the full price in each set."""

    @property
    def get(self) -> int:
        """Reduced pieces in each set."""


def taken_off(terms: Terms, *, left: Sequence[Money], pieces: Sequence[int]) -> list[Money]:
    """What a discount takes off each of its lines; `left` is what earlier discounts left of them.

    A percentage rounds once per line; an amount is spread in proportion and adds up to itself; of "buy X, get Y" the
    cheapest pieces are reduced, and each line rounds once. No line goes below zero.
    """
    if not left:
        return []
    if terms.kind == PERCENT:
        return [_share(amount, terms.value, PARTS_PER_MILLION) for amount in left]
    if terms.kind == AMOUNT:
        return _spread(terms.value, left)
    if terms.kind == BUY_X_GET_Y:
        reduced = reduced_pieces(terms, left, pieces)
        return [
            _share(amount, terms.value * number, PARTS_PER_MILLION * quantity)
            for amount, number, quantity in zip(left, reduced, pieces, strict=True)
        ]
    return [Money(0, amount.currency) for amount in left]


def reduced_pieces(terms: Terms, left: Sequence[Money], pieces: Sequence[int]) -> list[int]:
    """How many pieces of each line "buy X, get Y" reduces: of each full set the cheapest, over all lines together."""
    to_reduce = sum(pieces) // (terms.buy + terms.get) * terms.get
    reduced = [0] * len(left)
    for index in sorted(range(len(left)), key=lambda line: (Fraction(left[line].amount, pieces[line]), line)):
        reduced[index] = min(pieces[index], to_reduce)
        to_reduce -= reduced[index]
    return reduced


def _share(amount: Money, part: int, whole: int) -> Money:
    return Money(round_half_up(Decimal(amount.amount * part) / whole), amount.currency)


def _spread(value: int, left: Sequence[Money]) -> list[Money]:
    currency = left[0].currency
    whole = total(left, currency).amount
    if not whole:
        return [Money(0, currency) for _ in left]
    return Money(min(value, whole), currency).allocate([amount.amount for amount in left])
