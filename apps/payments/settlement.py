from dataclasses import dataclass

from apps.core.money import Money
from apps.payments.models import Payment


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a provider holds true of a payment; `state` is None while nobody has decided."""

    state: Payment.State | None
    money: Money
    order_number: str
