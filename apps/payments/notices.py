"""What payments tell buyers by mail. The one module of payments that knows notifications."""

from typing import Any

from apps.core import brand
from apps.notifications import services as notifications
from apps.notifications.attachments import AttachmentRef
from apps.orders import signals
from apps.orders.models import OrderEvent
from apps.orders.notices import order_url
from apps.payments.documents.files import CREDIT_NOTE
from apps.payments.models import Refund
from apps.payments.services.invoicing import needs_credit_note

REFUNDED = "payment.refunded"


def tell_refunded(sender: Any, order_id: int, event_id: int, **kwargs: Any) -> None:
    """One mail per refund that arrived, in the language of the order. Of a lost dispute the buyer's bank tells."""
    event = OrderEvent.unscoped.get(pk=event_id)
    refund = Refund.unscoped.select_related("order").get(ref=event.data["refund_ref"])
    if refund.origin == Refund.Origin.DISPUTE:
        return
    order = refund.order
    lines = refund.lines.select_related("order_line")
    notifications.send(
        kind=REFUNDED,
        event_id=f"refund-{refund.ref}",
        recipient=order.email,
        template="payments/messages/refunded",
        context={
            "order": order,
            "refund": refund,
            "lines": list(lines),
            "order_url": order_url(order),
            "shop_name": brand.shop_name(),
            "credited": needs_credit_note(refund),
        },
        language=order.language,
        user_id=order.user_id,
        attachments=[AttachmentRef(CREDIT_NOTE, refund.ref)],
    )


def connect() -> None:
    signals.order_refunded.connect(tell_refunded, dispatch_uid="payments.tell_refunded")
