"""Asking the provider for a refund, and taking in how it went. Asked under the stored key, so repeats refund once."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from apps.core import crash
from apps.orders.models import Order
from apps.payments.gateways import Gateway, GatewayRefused, ToldRefund, gateways
from apps.payments.models import Payment, Refund
from apps.payments.services import folding

logger = logging.getLogger("stoa.payments")

State = Refund.State

# Providers forget keys after a day; long before that we look whether they have the refund already.
LOOK_FIRST = timedelta(hours=1)


def send_refund(*, refund_id: int) -> None:
    """Ask the provider for a refund that nobody has confirmed, and take in its answer. Safe to repeat.

    A time-out is no answer: GatewayUnavailable is raised, nothing has changed, and the job asks again by the same key.
    A refusal makes the refund failed and gives its amount back to the payment. Raises Refund.DoesNotExist.
    """
    refund = Refund.unscoped.select_related("payment", "order").get(pk=refund_id)
    if refund.state != State.PENDING or refund.provider_ref:
        return
    gateway = gateways()[refund.payment.method]
    crash.point("payments.send_refund.before_call")
    try:
        told = _asked(gateway, refund)
    except GatewayRefused as refusal:
        logger.warning("The provider refused refund %s of order %s", refund.ref, refund.order.number)
        told = ToldRefund("", refund.ref, refund.money, State.FAILED, failure=str(refusal)[:300])
    crash.point("payments.send_refund.after_call")
    _take_in(refund, told)
    crash.point("payments.send_refund.committed")
    if told.state == State.FAILED:
        _look_outside(gateway, refund.payment)


def _asked(gateway: Gateway, refund: Refund) -> ToldRefund:
    if timezone.now() - refund.created_at > LOOK_FIRST:
        settlement = gateway.settlement(refund.payment)
        for told in settlement.refunds if settlement else ():
            if told.our_ref == refund.ref:
                return told
    return gateway.refund(refund)


def _take_in(refund: Refund, told: ToldRefund) -> None:
    with transaction.atomic():
        Order.unscoped.select_for_update().get(pk=refund.order_id)
        payment = Payment.unscoped.select_for_update().get(pk=refund.payment_id)
        folding.fold_refunds(payment, (told,))
        crash.point("payments.send_refund.taken_in")


def _look_outside(gateway: Gateway, payment: Payment) -> None:
    """A refusal often means that the money went back without us; what the provider holds is taken in at once."""
    settlement = gateway.settlement(payment)
    if settlement is None:
        return
    with transaction.atomic():
        Order.unscoped.select_for_update().get(pk=payment.order_id)
        locked = Payment.unscoped.select_for_update().get(pk=payment.pk)
        folding.fold_refunds(locked, settlement.refunds)
        folding.fold_disputes(locked, settlement.disputes)
