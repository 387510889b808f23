"""Packing, handing over and delivering. Each service moves the parcel and its order in one transaction."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core import crash
from apps.core.errors import DomainError
from apps.orders import services as orders
from apps.orders.models import Order
from apps.shipping.models import Shipment
from apps.users.models import User


class IllegalShipmentMove(DomainError):
    message = _("The parcel of this order can't make this step. Look at it again: somebody may have been faster.")


class InvalidTracking(DomainError):
    """The tracking details can't be kept as they were typed."""

    status: ClassVar[int] = 422


def pack(*, order_id: int, actor: User | None) -> Shipment:
    """Note that the order lies packed. The order must be paid and not packed yet.

    Raises IllegalShipmentMove for a second parcel and what orders raises for an order that can't be packed;
    then nothing has changed.
    """
    with transaction.atomic():
        _lock(order_id)
        return _pack(order_id, actor)


def ship(
    *,
    order_id: int,
    carrier: str = "",
    tracking_number: str = "",
    tracking_url: str = "",
    actor: User | None,
) -> Shipment:
    """Note that the parcel left, with its tracking; stock is consumed and the customer is told.

    An order that nobody packed is packed by the same step. Raises InvalidTracking, IllegalShipmentMove, and
    what orders raises for an order that may not be shipped; then nothing has changed.
    """
    tracking = _checked_tracking(
        carrier=carrier.strip(), tracking_number=tracking_number.strip(), tracking_url=tracking_url.strip()
    )
    with transaction.atomic():
        _lock(order_id)
        if not Shipment.unscoped.filter(order_id=order_id).exists():
            _pack(order_id, actor)
        _move(
            order_id,
            Shipment.State.PACKED,
            Shipment.State.SHIPPED,
            shipped_at=timezone.now(),
            actor=actor,
            **tracking,
        )
        crash.point("shipping.ship.shipment_moved")
        orders.record_fulfilment(order_id=order_id, to="shipped", actor=actor, data=tracking)
        return Shipment.unscoped.get(order_id=order_id)


def mark_delivered(*, order_id: int, actor: User | None) -> Shipment:
    """Note that the parcel arrived. Raises IllegalShipmentMove unless it was shipped; nothing changed then."""
    with transaction.atomic():
        _lock(order_id)
        _move(
            order_id,
            Shipment.State.SHIPPED,
            Shipment.State.DELIVERED,
            delivered_at=timezone.now(),
            actor=actor,
        )
        orders.record_fulfilment(order_id=order_id, to="delivered", actor=actor)
        return Shipment.unscoped.get(order_id=order_id)


def _lock(order_id: int) -> Order:
    """The order is the first lock of every step, so two clerks take turns."""
    order: Order = Order.unscoped.select_for_update().get(pk=order_id)
    return order


def _pack(order_id: int, actor: User | None) -> Shipment:
    shipment, created = Shipment.unscoped.get_or_create(order_id=order_id, defaults={"actor": actor})
    if not created:
        raise IllegalShipmentMove
    crash.point("shipping.pack.shipment_written")
    orders.record_fulfilment(order_id=order_id, to="packed", actor=actor)
    return shipment


def _move(order_id: int, old: Shipment.State, new: Shipment.State, **columns: Any) -> None:
    if not Shipment.unscoped.filter(order_id=order_id, state=old).update(state=new, **columns):
        raise IllegalShipmentMove


def _checked_tracking(**tracking: str) -> dict[str, str]:
    """The field's own rules say what can be kept: lengths, and a web address that a browser may open."""
    try:
        for text in tracking.values():
            ProhibitNullCharactersValidator()(text)
        Shipment(**tracking).clean_fields(exclude=["order", "state", "actor"])
    except ValidationError as error:
        raise InvalidTracking(" ".join(error.messages)) from error
    if tracking["tracking_url"] and not tracking["tracking_url"].startswith(("https://", "http://")):
        raise InvalidTracking(_("The tracking page must be an address that begins with https://."))
    return tracking
