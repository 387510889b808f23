"""Money: an integer count of minor units and an ISO 4217 code. The only place that rounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

from babel.numbers import format_currency, get_currency_precision
from django.conf import settings
from django.utils.translation import get_language, to_locale


class CurrencyMismatch(TypeError):
    """Two amounts of different currencies met in one calculation."""


@cache
def minor_digits(currency: str) -> int:
    """How many decimals the currency has: 2 for EUR, 0 for JPY, 3 for KWD (CLDR by way of Babel)."""
    return int(get_currency_precision(currency))


def round_half_up(value: Decimal) -> int:
    """The one rounding of the shop: half away from zero, to whole minor units."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """`amount` counts minor units: Money(1999, "EUR") is 19.99 euro. Arithmetic refuses to mix currencies."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError(f"Money counts whole minor units, not {type(self.amount).__name__}.")

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} can't be combined.")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, quantity: int) -> Money:
        if type(quantity) is not int:
            raise TypeError("Money is multiplied by whole numbers only.")
        return Money(self.amount * quantity, self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __bool__(self) -> bool:
        return self.amount != 0

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.amount <= other.amount

    def allocate(self, weights: Sequence[int]) -> list[Money]:
        """Split into parts in proportion to `weights` so that the parts add up to the whole, to the unit.

        The units that rounding leaves over go to the parts with the largest remainders, first come first.
        Raises ValueError without a positive weight.
        """
        whole = sum(weights)
        if whole <= 0 or min(weights) < 0:
            raise ValueError("Weights must not be negative, and one must be positive.")
        sign = -1 if self.amount < 0 else 1
        shares = [divmod(abs(self.amount) * weight, whole) for weight in weights]
        parts = [share for share, _ in shares]
        left = abs(self.amount) - sum(parts)
        by_remainder = sorted(range(len(shares)), key=lambda index: (-shares[index][1], index))
        for index in by_remainder[:left]:
            parts[index] += 1
        return [Money(sign * part, self.currency) for part in parts]

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exact; for display and wire formats, never for arithmetic."""
        return Decimal(self.amount).scaleb(-minor_digits(self.currency))

    def __str__(self) -> str:
        return _written(self.amount, self.currency, get_language() or settings.LANGUAGE_CODE)


@lru_cache(maxsize=4096)
def _written(amount: int, currency: str, language: str) -> str:
    """Kept, because the same few prices are written again and again."""
    digits = str(abs(amount)).zfill(minor_digits(currency) + 1)
    return _form(len(digits), amount < 0, currency, language) % tuple(digits)


@lru_cache(maxsize=256)
def _form(n_digits: int, is_negative: bool, currency: str, language: str) -> str:
    """How so many digits are written, with a gap for each. Babel takes as long for one amount as a page for a card."""
    sample = Money(int("1" * n_digits), currency)
    text = format_currency((-sample if is_negative else sample).decimal, currency, locale=to_locale(language))
    return str(text.replace("%", "%%").replace("1", "%s"))


def shop_money(amount: int) -> Money:
    """An amount of the catalogue, in minor units of the shop's currency."""
    return Money(amount, settings.SHOP_CURRENCY)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum, which is zero of `currency` for no amounts. Raises CurrencyMismatch for a foreign amount."""
    result = Money(0, currency)
    for amount in amounts:
        result += amount
    return result


def to_minor(value: Decimal, currency: str) -> int:
    """Minor units of a typed or imported amount in major units; 12.345 EUR raises ValueError, nothing is guessed."""
    scaled = value.scaleb(minor_digits(currency))
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{currency} has no amounts finer than its minor unit.")
    return int(scaled)
