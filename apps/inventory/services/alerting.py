"""Mails to customers about sold-out articles that are back: asked for, confirmed, told once, forgotten."""

from collections.abc import Iterable
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from apps.catalog.models import Variant
from apps.catalog.selectors import variants_for_cart
from apps.catalog.selectors.variants import VariantInfo
from apps.inventory import signals
from apps.inventory.errors import StillThere
from apps.inventory.models import StockAlert
from apps.inventory.tokens import Wish

BATCH = 200
KEPT = timedelta(days=365)


def ask_for_alert(*, variant: VariantInfo, email: str, language: str, user_id: int | None = None) -> bool:
    """Note the wish at once if the account has proved the address; else mail a link that notes it.

    Returns whether it is noted. For anybody else the answer is the same whether the address is known or not.
    Raises StillThere if the variant can be bought; nothing is changed then.
    """
    if variant.in_stock:
        raise StillThere
    wish = Wish(variant.variant_id, email.strip().lower(), language)
    with transaction.atomic():
        if user_id is not None and _owner_of(wish.email) == user_id:
            _note(wish, user_id)
            return True
        if not StockAlert.unscoped.filter(variant_id=wish.variant_id, email=wish.email).exists():
            event_id = f"{wish.variant_id}-{timezone.localdate()}"  # a link a day is enough
            signals.alert_asked.send(sender=StockAlert, wish=wish, event_id=event_id)
    return False


def confirm_alert(*, wish: Wish) -> bool:
    """Note the wish of whoever opened the link from their mail. False if the variant is gone. Safe to repeat."""
    with transaction.atomic():
        if not Variant.objects.filter(pk=wish.variant_id).exists():
            return False
        _note(wish, _owner_of(wish.email))
    return True


def stop_alerts(*, email: str) -> int:
    """Forget every wish of the address; returns how many."""
    deleted, _ = StockAlert.unscoped.filter(email=email).delete()
    return deleted


def tell_refilled(*, variant_id: int) -> int:
    """Write one mail to each who waits for the variant, and forget them; returns how many.

    Does nothing while it can't be bought. A process that is killed goes on where it was: a wish and its mail are one
    transaction.
    """
    told = 0
    while batch := _tell_batch(variant_id):
        told += batch
    return told


def forget_old_alerts() -> int:
    """Delete wishes that waited for more than a year."""
    deleted, _ = StockAlert.unscoped.filter(created_at__lt=timezone.now() - KEPT).delete()
    return deleted


def wanted_among(variant_ids: Iterable[int]) -> list[int]:
    """Those of these variants that somebody waits for."""
    waiting = StockAlert.unscoped.filter(variant_id__in=list(variant_ids)).order_by("variant_id")
    return list(waiting.values_list("variant_id", flat=True).distinct())


def _tell_batch(variant_id: int) -> int:
    with transaction.atomic():
        variant = variants_for_cart([variant_id]).get(variant_id)
        if variant is None or not variant.can_sell(1):
            return 0
        waiting = StockAlert.unscoped.select_for_update(no_key=True).filter(variant_id=variant_id)
        alerts = list(waiting.order_by("pk")[:BATCH])
        for alert in alerts:
            signals.alert_due.send(sender=StockAlert, alert_id=alert.pk, event_id=f"alert-{alert.pk}")
        StockAlert.unscoped.filter(pk__in=[alert.pk for alert in alerts]).delete()
    return len(alerts)


def _note(wish: Wish, user_id: int | None) -> None:
    StockAlert.unscoped.update_or_create(
        variant_id=wish.variant_id, email=wish.email, defaults={"language": wish.language, "user_id": user_id}
    )


def _owner_of(email: str) -> int | None:
    """The account that has proved the address, if there is one."""
    proved = EmailAddress.objects.filter(email__iexact=email, verified=True).first()
    return int(proved.user_id) if proved else None
