"""Taking money that was only authorised. The wish is written first; a job asks the provider by a key that it gives."""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core import crash
from apps.core.errors import DomainError
from apps.orders import services as orders
from apps.orders.models import Order
from apps.payments.gateways import GatewayRefused, gateways
from apps.payments.models import Payment
from apps.payments.services.applying import check_payment
from apps.users.models import User

logger = logging.getLogger("stoa.payments")


class NotAuthorised(DomainError):
    message = _("There is no authorised money to take for this order any more.")


def capture_payment(*, payment_id: int, actor: User | None) -> None:
    """Ask for authorised money to be taken; the order becomes paid when the provider has done so. Safe to repeat.

    Raises NotAuthorised for a payment that holds no authorisation or whose order is closed or paid; then nothing
    has changed.
    """
    from apps.payments.tasks import take_authorised

    with transaction.atomic():
        found = Payment.unscoped.get(pk=payment_id)
        order = Order.unscoped.select_for_update().get(pk=found.order_id)
        payment = Payment.unscoped.select_for_update().get(pk=payment_id)
        if payment.state != Payment.State.AUTHORISED or not order.can_be_paid:
            raise NotAuthorised
        if payment.capture_asked_at is not None:
            return
        Payment.unscoped.filter(pk=payment_id).update(capture_asked_at=timezone.now(), failure="")
        crash.point("payments.capture.asked")
        orders.add_note(order_id=order.pk, text="Asked the provider to take the authorised money.", actor=actor)
        take_authorised.enqueue(payment_id)


def take_authorised(*, payment_id: int) -> None:
    """The job of `capture_payment`: take the money once, then do what the provider says of the payment.

    A refusal takes the wish back, so that staff can press again. Raises gateways.GatewayUnavailable.
    """
    payment = Payment.unscoped.get(pk=payment_id)
    if payment.state == Payment.State.AUTHORISED and payment.capture_asked_at is not None:
        try:
            gateways()[payment.method].capture(payment)
        except GatewayRefused as refusal:
            logger.warning("Payment %s can't be captured", payment.ref)
            Payment.unscoped.filter(pk=payment_id).update(capture_asked_at=None, failure=str(refusal)[:300])
        crash.point("payments.capture.taken")
    check_payment(payment_id=payment_id)
