"""What became of a seeded order: when it was placed, and how far it got. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from random import Random

from apps.orders.models import Order, OrderEvent

Kind = OrderEvent.Kind
Payment, Fulfilment, Closure = Order.PaymentState, Order.FulfilmentState, Order.Closure

# The first few are always fresh, so that the admin's first page and the status page have something to show.
WAITING, TODAY = 3, 8


class End(StrEnum):
    WAITING = auto()
    PAID = auto()
    PACKED = auto()
    SHIPPED = auto()
    DELIVERED = auto()
    EXPIRED = auto()
    CANCELLED = auto()
    CANCELLED_AFTER_PAYMENT = auto()


class Back(StrEnum):
    """What of the money went back."""

    NOTHING = auto()
    ALL = auto()
    ONE_PIECE = auto()
    GOODWILL = auto()


# Of a hundred orders that arrived.
_BACK = {Back.NOTHING: 92, Back.ALL: 2, Back.ONE_PIECE: 4, Back.GOODWILL: 2}

# By age: up to so many days ago, these ends with these weights.
_ENDS: tuple[tuple[int, dict[End, int]], ...] = (
    (1, {End.PAID: 60, End.PACKED: 20, End.SHIPPED: 14, End.EXPIRED: 6}),
    (4, {End.PAID: 10, End.PACKED: 14, End.SHIPPED: 62, End.DELIVERED: 6, End.EXPIRED: 4, End.CANCELLED: 4}),
    (9, {End.SHIPPED: 24, End.DELIVERED: 66, End.EXPIRED: 5, End.CANCELLED: 4, End.CANCELLED_AFTER_PAYMENT: 1}),
    (99, {End.DELIVERED: 88, End.EXPIRED: 6, End.CANCELLED: 5, End.CANCELLED_AFTER_PAYMENT: 1}),
)
_STEPS = {
    End.PACKED: (Kind.PACKED,),
    End.SHIPPED: (Kind.PACKED, Kind.SHIPPED),
    End.DELIVERED: (Kind.PACKED, Kind.SHIPPED, Kind.DELIVERED),
}
_FULFILMENT = {
    End.PACKED: Fulfilment.PACKED,
    End.SHIPPED: Fulfilment.SHIPPED,
    End.DELIVERED: Fulfilment.DELIVERED,
}
_CLOSURE = {
    End.EXPIRED: Closure.EXPIRED,
    End.CANCELLED: Closure.CANCELLED,
    End.CANCELLED_AFTER_PAYMENT: Closure.CANCELLED,
}
_UNPAID = {End.WAITING, End.EXPIRED, End.CANCELLED}


@dataclass(frozen=True, slots=True)
class Fate:
    """`steps` are the order's events and their moments, in order; none lies in the future."""

    end: End
    declined_once: bool
    steps: tuple[tuple[Kind, datetime], ...]
    back: Back = Back.NOTHING

    @property
    def placed_at(self) -> datetime:
        return self.steps[0][1]

    def at(self, kind: Kind) -> datetime | None:
        return next((at for step, at in self.steps if step == kind), None)

    @property
    def payment_state(self) -> Order.PaymentState:
        return Payment.AWAITING if self.end in _UNPAID else Payment.PAID

    @property
    def fulfilment_state(self) -> Order.FulfilmentState:
        return _FULFILMENT.get(self.end, Fulfilment.UNFULFILLED)

    @property
    def closure(self) -> Order.Closure:
        return _CLOSURE.get(self.end, Closure.NONE)

    @property
    def gives_back(self) -> bool:
        return self.back != Back.NOTHING

    @property
    def refund_state(self) -> Order.RefundState:
        if self.back == Back.ALL:
            return Order.RefundState.FULL
        return Order.RefundState.PARTIAL if self.gives_back else Order.RefundState.NONE

    @property
    def holds_stock(self) -> bool:
        return self.closure == Closure.NONE and not self.consumes_stock

    @property
    def consumes_stock(self) -> bool:
        return self.end in {End.SHIPPED, End.DELIVERED}


def fate(index: int, draw: Random, now: datetime, hold: timedelta) -> Fate:
    """The fate of order `index`; `hold` is how long an unpaid order keeps its pieces."""
    placed_at = now - _age(index, draw, hold)
    end = End.WAITING if index < WAITING else _draw_end((now - placed_at).days, draw)
    declined_once = end not in _UNPAID and draw.random() < 0.07
    steps = [(Kind.PLACED, placed_at)]

    def then(kind: Kind, low: int, high: int) -> None:
        """The next step, minutes later; squeezed together rather than moved past the present."""
        last = steps[-1][1]
        steps.append((kind, min(last + timedelta(minutes=draw.randint(low, high)), last + (now - last) * 0.5)))

    if end == End.CANCELLED:
        then(Kind.CANCELLED, 2, 25)
    elif end == End.EXPIRED:
        steps.append((Kind.EXPIRED, placed_at + hold + timedelta(minutes=draw.randint(1, 9))))
    elif end != End.WAITING:
        if declined_once:
            then(Kind.PAYMENT_FAILED, 1, 3)
        then(Kind.PAID, 1, 6)
        for kind, low, high in (
            (Kind.PACKED, 60, 1200),
            (Kind.SHIPPED, 30, 400),
            (Kind.DELIVERED, 1400, 4300),
        ):
            if kind in _STEPS.get(end, ()):
                then(kind, low, high)
        if end == End.CANCELLED_AFTER_PAYMENT:
            then(Kind.CANCELLED, 30, 600)
    back = _draw_back(end, draw)
    if back != Back.NOTHING:
        then(Kind.REFUND_STARTED, *((0, 0) if end == End.CANCELLED_AFTER_PAYMENT else (600, 6000)))
        then(Kind.REFUNDED, 1, 2)
    return Fate(end, declined_once, tuple(steps), back)


def _age(index: int, draw: Random, hold: timedelta) -> timedelta:
    if index < WAITING:
        return hold * (index + 1) / (WAITING + 3)
    if index < TODAY:
        return hold + timedelta(minutes=15 + 41 * (index - WAITING))
    # A shop that grows: more of the month's orders lie in its second half. People sleep at night.
    days = int(30 * draw.random() ** 1.25)
    hour = min(draw.choices((7, 9, 12, 15, 18, 20, 22), (2, 5, 6, 5, 8, 9, 3))[0], 23)
    return hold + timedelta(days=days, hours=24 - hour, minutes=15 + draw.randrange(60))


def _draw_back(end: End, draw: Random) -> Back:
    if end == End.CANCELLED_AFTER_PAYMENT:
        return Back.ALL
    return draw.choices(list(_BACK), list(_BACK.values()))[0] if end == End.DELIVERED else Back.NOTHING


def _draw_end(days: int, draw: Random) -> End:
    weights = next(weights for limit, weights in _ENDS if days <= limit)
    return draw.choices(list(weights), list(weights.values()))[0]
