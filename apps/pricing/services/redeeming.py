"""Using a discount for an order, giving it back, and taking it up again.

Each runs inside the transaction of the order, after the payment's lock and before the number series and stock. The
row of the discount is written first, so whoever comes second waits: limits hold for orders placed at the same moment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    used = sorted(discounts, key=lambda discount: discount.rule.discount_id)
    for rule in (applied.rule for applied in used):
        if not _count_use(running.filter(pk=rule.discount_id, version=rule.version)):
            raise DiscountGone
    # The versions have just been compared, so the rules still say which limits there are.
    limits = {row.rule.discount_id: row.rule.per_customer_limit for row in used}
    slots = _free_slots(limits, key)
    if used:
        Redemption.objects.bulk_create(
            Redemption(
                discount_id=applied.rule.discount_id,
                order_ref=order_ref,
                customer_key=key,
                slot=slots.get(applied.rule.discount_id),
                amount=(applied.amount + applied.delivery).amount,
            )
            for applied in used
        )


def release(*, order_ref: str) -> int:
    """Give back what a cancelled or expired order used; returns how many. A second time changes nothing."""
    with transaction.atomic():
        used = Redemption.objects.filter(order_ref=order_ref, freed_at__isnull=True)
        freed = 0
        for pk, discount_id in used.order_by("discount_id").values_list("pk", "discount_id"):
            ours = Redemption.objects.filter(pk=pk, freed_at__isnull=True).update(freed_at=timezone.now())
            Discount.objects.filter(pk=discount_id).update(used=F("used") - ours)
            freed += ours
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
        limit = Discount.objects.values_list("per_customer_limit", flat=True).get(pk=redemption.discount_id)
        slot = _free_slots({redemption.discount_id: limit}, redemption.customer_key).get(redemption.discount_id)
        Redemption.objects.filter(pk=redemption.pk).update(freed_at=None, slot=slot)


def _count_use(discounts: QuerySet[Discount]) -> bool:
    """One more use, if one is left: the condition and the write are one statement."""
    left = Q(total_limit__isnull=True) | Q(used__lt=F("total_limit"))
    return bool(discounts.filter(left).update(used=F("used") + 1))


def _free_slots(limits_of_all: Mapping[int, int | None], key: str) -> dict[int, int]:
    """The customer's lowest free slot of each discount with a limit. Their rows are locked by the counting of the use.

    Raises DiscountGone if all of one are taken.
    """
    limits = {discount_id: limit for discount_id, limit in limits_of_all.items() if limit is not None}
    if not limits:
        return {}
    mine = Redemption.objects.filter(discount__in=list(limits), customer_key=key, freed_at__isnull=True)
    taken: dict[int, list[int | None]] = {discount_id: [] for discount_id in limits}
    for discount_id, slot in mine.values_list("discount_id", "slot"):
        taken[discount_id].append(slot)
    free = {}
    for discount_id, limit in limits.items():
        slot = next((slot for slot in range(1, limit + 1) if slot not in taken[discount_id]), None)
        if slot is None or len(taken[discount_id]) >= limit:
            raise DiscountGone
        free[discount_id] = slot
    return free
