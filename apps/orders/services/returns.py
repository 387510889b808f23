"""What comes back: pieces of an order, and word of money that is on its way back or in dispute.

Called by payments inside the transaction of a refund; every service locks the order first, and stock last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_noop

from apps.catalog.services.stock import free_stock, return_stock, write_off_held_stock
from apps.core import crash
from apps.orders.errors import IllegalMove
from apps.orders.models import Order, OrderEvent, OrderLine
from apps.orders.services.lifecycle import REFUND_DUE
from apps.orders.services.states import flag, lock_order, note
from apps.users.models import User

# Kept in English on the order; the admin translates them.
DISPUTED = gettext_noop("The customer's bank disputes the payment.")
DISPUTE_LOST = gettext_noop("A dispute was lost: the money is gone.")
REFUNDED_OUTSIDE = gettext_noop("The payment was refunded at the provider: decide about the goods.")
REFUND_DOES_NOT_FIT = gettext_noop("The provider refunded more than was left: look at the payment.")


@dataclass(frozen=True, slots=True)
class Return:
    """Pieces of one line that a refund covers. Amounts count pieces.

    `refunded` are all that have been refunded by now, these included; `returned` those that went back to the shelf
    after they had been shipped.
    """

    pieces: int
    refunded: int
    returned: int = 0
    restock: bool = False


def return_pieces(*, order_id: int, lines: Mapping[int, Return], actor: User | None) -> dict[int, int]:
    """Do with refunded pieces what was decided; `lines` maps ids of order lines. Returns how many were not shipped.

    Pieces that still lie here are released: never to be sent, and free for sale or written off. Of shipped ones those
    to restock go back to the shelf, never more than were shipped. A closed order moves nothing: closing it did.
    Belongs into the caller's transaction. Raises IllegalMove for more pieces than a line has; nothing has changed then.
    """
    with transaction.atomic():
        order = lock_order(order_id)
        if order.closure != Order.Closure.NONE:
            return dict.fromkeys(lines, 0)
        found = OrderLine.unscoped.filter(order=order).in_bulk(list(lines))
        released = {pk: _release(found[pk], back) if _is_here(order) else 0 for pk, back in lines.items()}
        crash.point("orders.return.pieces_released")
        _move_stock(order, found, lines, released, actor)
    return released


def record_refund_started(
    *, order_id: int, refund_ref: str, amount: int, currency: str, actor: User | None = None
) -> OrderEvent:
    """Note that `amount` minor units of `currency` are on their way back to the buyer. Raises Order.DoesNotExist."""
    with transaction.atomic():
        order = lock_order(order_id)
        data = {"refund_ref": refund_ref, "amount": amount, "currency": currency}
        return note(order, OrderEvent.Kind.REFUND_STARTED, data=data, actor=actor)


def record_dispute(*, order_id: int, dispute_ref: str, amount: int, state: str, attention: str = "") -> None:
    """Note that a dispute over `amount` minor units was opened, won or lost; `attention` asks for a person."""
    with transaction.atomic():
        order = lock_order(order_id)
        data = {"dispute_ref": dispute_ref, "amount": amount, "currency": order.currency, "state": state}
        note(order, OrderEvent.Kind.DISPUTED, data=data, public=False)
        if attention:
            flag(order, attention, data=data)


def ask_for_attention(*, order_id: int, reason: str) -> None:
    """Ask for a person: `reason` is a plain English sentence that the admin translates. Once for the same reason."""
    with transaction.atomic():
        order = lock_order(order_id)
        if order.attention != reason:
            flag(order, reason)


def ask_for_refund(*, order_id: int) -> None:
    """A person has to give the money of a cancelled order back, because it can't be done by rule."""
    ask_for_attention(order_id=order_id, reason=REFUND_DUE)


def _is_here(order: Order) -> bool:
    return order.fulfilment_state in (Order.FulfilmentState.UNFULFILLED, Order.FulfilmentState.PACKED)


def _release(line: OrderLine, back: Return) -> int:
    """Pieces of an earlier refund that failed are released already; they are not released a second time."""
    pieces = max(0, min(back.pieces, back.refunded - line.released))
    if pieces:
        fitting = OrderLine.unscoped.filter(pk=line.pk, quantity__gte=F("released") + pieces)
        if not fitting.update(released=F("released") + pieces):
            raise IllegalMove
    return pieces


def _move_stock(
    order: Order,
    found: Mapping[int, OrderLine],
    lines: Mapping[int, Return],
    released: Mapping[int, int],
    actor: User | None,
) -> None:
    """Sums per variant, because two lines may hold the same one."""
    free: Counter[int] = Counter()
    lost: Counter[int] = Counter()
    shelf: Counter[int] = Counter()
    for pk, back in lines.items():
        line = found[pk]
        (free if back.restock else lost)[line.variant_id] += released[pk]
        if back.restock and not _is_here(order):
            shelf[line.variant_id] += max(0, min(back.pieces, line.quantity - line.released - back.returned))
    if +free:
        free_stock(quantities=+free)
    if +lost:
        write_off_held_stock(quantities=+lost, order_ref=order.ref, actor=actor)
    if +shelf:
        return_stock(quantities=+shelf, order_ref=order.ref, actor=actor)
