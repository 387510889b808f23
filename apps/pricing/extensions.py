"""What pricing needs from apps to its right: what was bought and what waits in carts. They register in `ready()`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from apps.pricing.explanation import Explanation
from apps.pricing.quote import QuoteLine


@dataclass(frozen=True, slots=True)
class PastBasket:
    """Goods as they were ordered, or as they wait in a cart. Amounts in minor units of `currency`.

    The tax class of a line is its rate in parts per million, as text; `total` is what was to be paid. A cart has no
    delivery, no customer and no explanation.
    """

    label: str
    at: datetime
    currency: str
    prices_include_tax: bool
    lines: tuple[QuoteLine, ...]
    total: int
    bought: bool = True
    email: str = ""
    delivery_label: str = ""
    delivery_price: int | None = None
    delivery_rate: int = 0
    explanation: Explanation | None = None


History = Callable[[datetime], Iterable[PastBasket]]

_histories: list[History] = []


def register_history(history: History) -> None:
    """`history(since)` yields the baskets since a moment, in constantly many queries."""
    _histories.append(history)


def past_baskets(since: datetime) -> list[PastBasket]:
    """Everything since a moment, oldest first."""
    found = [basket for history in _histories for basket in history(since)]
    return sorted(found, key=lambda basket: basket.at)
