"""Using a discount for an order, giving it back, and taking it up again.

Each runs inside the transaction of the order, after the payment's lock and before the number series and stock. The
row of the discount is written first, so whoever comes second waits: limits hold for orders placed at the same moment.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from apps.pricing.customers import customer_key
from apps.pricing.errors import DiscountGone
from apps.pricing.models import Discount, Redemption
from apps.pricing.stacking import AppliedDiscount


def redeem(*, order_ref: str, email: str, discounts: Sequence[AppliedDiscount]) -> None:
    """Count one use of each discount for this order and this customer.

    Raises DiscountGone if one has ended, was changed since it was quoted, or has no use left, in all or for this
    customer; the caller's transaction must then be rolled back.
    """
    key = customer_key(email)
    now = timezone.now()
    begun = Q(starts_at__isnull=True) | Q(starts_at__lte=now)
    not_over = Q(ends_at__isnull=True) | Q(ends_at__gt=now)
    running = Discount.objects.filter(begun, not_over, state=Discount.State.ACTIVE)
    for applied in sorted(discounts, key=lambda discount: discount.rule.discount_id):
        rule = applied.rule
        if not _count_use(running.filter(pk=rule.discount_id, version=rule.version)):
            raise DiscountGone
        Redemption.objects.create(
            discount_id=rule.discount_id,
            order_ref=order_ref,
            customer_key=key,
            # The version has just been compared, so the rule still says whether there is such a limit.
            slot=_free_slot(rule.discount_id, key) if rule.limited_per_customer else None,
            amount=(applied.amount + applied.delivery).amount,
        )


def release(*, order_ref: str) -> int:
    """Give back what a cancelled or expired order used; returns how many. A second time changes nothing."""
    with transaction.atomic():
        used = Redemption.objects.filter(order_ref=order_ref, freed_at__isnull=True)
        freed = 0
        for pk, discount_id in used.order_by("discount_id").values_list("pk", "discount_id"):
            if Redemption.objects.filter(pk=pk, freed_at__isnull=True).update(freed_at=timezone.now()):
                Discount.objects.filter(pk=discount_id).update(used=F("used") - 1)
                freed += 1
        return freed


def retake(*, order_ref: str) -> None:
    """Use again what was given back, for an order that was paid late. Its time may have passed: the price was promised.

    Raises DiscountGone if no use is left, in all or for this customer; the caller's transaction must then be rolled
    back.
    """
    freed = Redemption.objects.filter(order_ref=order_ref, freed_at__isnull=False).order_by("discount_id")
    for redemption in freed:
        if not _count_use(Discount.objects.filter(pk=redemption.discount_id)):
            raise DiscountGone
        slot = _free_slot(redemption.discount_id, redemption.customer_key)
        Redemption.objects.filter(pk=redemption.pk).update(freed_at=None, slot=slot)


def _count_use(discounts: QuerySet[Discount]) -> bool:
    """One more use, if one is left: the condition and the write are one statement."""
    left = Q(total_limit__isnull=True) | Q(used__lt=F("total_limit"))
    return bool(discounts.filter(left).update(used=F("used") + 1))


def _free_slot(discount_id: int, key: str) -> int | None:
    """The customer's lowest slot that is free; None without a limit. The discount's row is locked by its counting.

    Raises DiscountGone if all are taken.
    """
    limit = Discount.objects.values_list("per_customer_limit", flat=True).get(pk=discount_id)
    if limit is None:
        return None
    mine = Redemption.objects.filter(discount_id=discount_id, customer_key=key, freed_at__isnull=True)
    taken = list(mine.values_list("slot", flat=True))
    slot = next((slot for slot in range(1, limit + 1) if slot not in taken), None)
    if slot is None or len(taken) >= limit:
        raise DiscountGone
    return slot
