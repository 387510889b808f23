"""What orders tell their buyers by mail. The one module of orders that knows notifications."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from apps.core import brand
from apps.core.prepared import Prepared
from apps.notifications import services as notifications
from apps.notifications.attachments import AttachmentRef
from apps.orders import services, signals
from apps.orders.extensions import mail_attachments
from apps.orders.models import Order, OrderEvent, OrderLine


def confirm(sender: Any, order_id: int, event_id: int, **kwargs: Any) -> None:
    _tell("confirmation", order_id, event_id)


def thank(sender: Any, order_id: int, event_id: int, **kwargs: Any) -> None:
    _tell("payment_received", order_id, event_id)


def announce_parcel(sender: Any, order_id: int, event_id: int, **kwargs: Any) -> None:
    _tell("shipped", order_id, event_id, parcel=OrderEvent.unscoped.get(pk=event_id).data)


def tell_cancelled(sender: Any, order_id: int, event_id: int, **kwargs: Any) -> None:
    _tell("cancelled", order_id, event_id)


def tell_expired(sender: Any, order_id: int, event_id: int, **kwargs: Any) -> None:
    _tell("expired", order_id, event_id)


_lines_of: Prepared[OrderLine] = Prepared(
    lambda order_id: OrderLine.unscoped.filter(order=order_id).select_related("order"), int
)


def _tell(kind: str, order_id: int, event_id: int, **context: Any) -> None:
    """One mail per event, in the language of the order."""
    lines = _lines_of(order_id)
    order = lines[0].order if lines else Order.unscoped.get(pk=order_id)
    files = mail_attachments(kind)
    notifications.send(
        kind=f"order.{kind}",
        event_id=f"order-event-{event_id}",
        recipient=order.email,
        template=f"orders/messages/{kind}",
        context={
            "order": order,
            "lines": lines,
            "order_url": order_url(order),
            "shop_name": brand.shop_name(),
            "attached": [file.line for file in files],
            **context,
        },
        language=order.language,
        user_id=order.user_id,
        attachments=[AttachmentRef(file.kind, str(order.pk)) for file in files],
    )


def order_url(order: Order) -> str:
    """A guest's mail brings its own key to the order; a customer signs in."""
    with translation.override(order.language):
        if order.user_id is not None:
            return f"{settings.SITE_URL}{order.get_absolute_url()}"
        token = services.issue_guest_link(order=order)
        return f"{settings.SITE_URL}{reverse('orders:guest-link', args=[token])}"


def connect() -> None:
    signals.order_placed.connect(confirm, dispatch_uid="orders.confirm")
    signals.order_paid.connect(thank, dispatch_uid="orders.thank")
    signals.order_shipped.connect(announce_parcel, dispatch_uid="orders.announce_parcel")
    signals.order_cancelled.connect(tell_cancelled, dispatch_uid="orders.tell_cancelled")
    signals.order_expired.connect(tell_expired, dispatch_uid="orders.tell_expired")
