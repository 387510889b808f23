"""How Stripe counts money. It differs from ISO 4217 in a few currencies (docs.stripe.com, "Currencies")."""

from apps.core.money import Money, minor_digits

_NO_DECIMALS = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
_THREE_DECIMALS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
# Currencies without decimals whose amounts Stripe still wants with two, which must be 00.
_WHOLE_UNITS = frozenset(["ISK", "UGX"])
LARGEST = 99_999_999


class NotPayable(ValueError):
    """Stripe can't take this amount in this currency."""


def to_stripe(money: Money) -> int:
    """The amount as Stripe counts it. Raises NotPayable where that would not be the very same sum."""
    scaled: int = money.amount * 10 ** max(_digits(money.currency) - minor_digits(money.currency), 0)
    too_fine: int = 10 ** max(minor_digits(money.currency) - _digits(money.currency), 0)
    amount, rest = divmod(scaled, too_fine)
    if rest or amount % _grain(money.currency) or not 0 < amount <= LARGEST:
        raise NotPayable(f"Stripe can't take {money.amount} minor units of {money.currency}.")
    return amount


def from_stripe(amount: int, currency: str) -> Money:
    """What Stripe says, in our minor units. Raises NotPayable for a sum that has none."""
    code = currency.upper()
    scaled = amount * 10 ** max(minor_digits(code) - _digits(code), 0)
    minor, rest = divmod(scaled, 10 ** max(_digits(code) - minor_digits(code), 0))
    if rest:
        raise NotPayable(f"{amount} of {code} is finer than its minor unit.")
    return Money(minor, code)


def _digits(currency: str) -> int:
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def _grain(currency: str) -> int:
    """The smallest step that card networks settle."""
    if currency in _THREE_DECIMALS:
        return 10
    return 100 if currency in _WHOLE_UNITS else 1
