"""Giving money back. Rows first, in the caller's transaction; a job asks the provider afterwards, by a stored key."""

from django.db import transaction
from django.db.models import F

from apps.payments.models import Payment, Refund
from apps.payments.models.payment import new_ref


def give_back(*, payment_id: int, reason: Refund.Reason) -> Refund:
    """Send everything back that is left of a payment which does not pay its order (late, double, of a wrong amount).

    Belongs into the caller's transaction, which holds the order's and the payment's lock. Raises Payment.DoesNotExist.
    """
    with transaction.atomic():
        payment = Payment.unscoped.select_for_update(of=("self",)).get(pk=payment_id)
        left = payment.captured - payment.refunded
        ref = new_ref()
        refund = Refund.unscoped.create(
            order_id=payment.order_id,
            payment=payment,
            ref=ref,
            idempotency_key=f"refund-{ref}",
            origin=Refund.Origin.RULE,
            reason=reason,
            for_order=False,
            currency=payment.currency,
            amount=left,
            extra_amount=left,
        )
        Payment.unscoped.filter(pk=payment.pk).update(refunded=F("refunded") + left)
    return refund
