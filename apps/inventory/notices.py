"""What the stock desk tells by mail. The one module of inventory that knows notifications."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from apps.catalog.models import Stock
from apps.catalog.selectors import variants_for_cart
from apps.catalog.selectors.variants import VariantInfo
from apps.inventory import signals
from apps.inventory.models import StockAlert
from apps.inventory.tokens import Wish, confirm_token, stop_token
from apps.notifications import services as notifications
from apps.users.selectors import staff_who_may

MOST_ROWS = 40


def warn_of_low_stock(sender: Any, variant_ids: Sequence[int], event_id: str, **kwargs: Any) -> None:
    """A digest for everybody who may see the stock, each in their own language."""
    stocks = Stock.objects.filter(variant__in=variant_ids[:MOST_ROWS]).select_related("variant__product")
    rows = list(stocks.order_by("variant__product__title", "variant__position"))
    for person in staff_who_may("catalog.view_stock"):
        language = person.language or settings.LANGUAGE_CODE
        with translation.override(language):
            address = f"{settings.SITE_URL}{reverse('admin:catalog_stock_changelist')}?level=low"
        notifications.send(
            kind="inventory.low_stock",
            event_id=event_id,
            recipient=person.email,
            template="inventory/messages/low_stock",
            context={
                "rows": rows,
                "fresh": len(variant_ids),
                "more": len(variant_ids) - len(rows),
                "address": address,
            },
            language=language,
            user_id=person.pk,
        )


def ask_whether_it_was_you(sender: Any, wish: Wish, event_id: str, **kwargs: Any) -> None:
    """The link in it is the proof of the address: nobody but its owner may read the mail."""
    variant = _variant(wish.variant_id, wish.language)
    if variant is None:
        return
    notifications.send(
        kind="inventory.alert_asked",
        event_id=event_id,
        recipient=wish.email,
        template="inventory/messages/alert_asked",
        context={
            "variant": variant,
            "address": _address("inventory:alert-confirm", confirm_token(wish), wish.language),
            "stop": _address("inventory:alert-stop", stop_token(wish.email), wish.language),
        },
        language=wish.language,
        secret=True,
    )


def tell_it_is_back(sender: Any, alert_id: int, event_id: str, **kwargs: Any) -> None:
    alert = StockAlert.unscoped.get(pk=alert_id)
    variant = _variant(alert.variant_id, alert.language)
    if variant is None:
        return
    with translation.override(alert.language):
        address = f"{settings.SITE_URL}{variant.url}"
    notifications.send(
        kind="inventory.back_in_stock",
        event_id=event_id,
        recipient=alert.email,
        template="inventory/messages/back_in_stock",
        context={
            "variant": variant,
            "address": address,
            "stop": _address("inventory:alert-stop", stop_token(alert.email), alert.language),
        },
        language=alert.language,
        user_id=alert.user_id,
    )


def _variant(variant_id: int, language: str) -> VariantInfo | None:
    with translation.override(language):
        return variants_for_cart([variant_id]).get(variant_id)


def _address(name: str, token: str, language: str) -> str:
    with translation.override(language):
        return f"{settings.SITE_URL}{reverse(name, args=[token])}"


def connect() -> None:
    signals.alert_asked.connect(ask_whether_it_was_you, dispatch_uid="inventory.ask_whether_it_was_you")
    signals.alert_due.connect(tell_it_is_back, dispatch_uid="inventory.tell_it_is_back")
    signals.stock_ran_low.connect(warn_of_low_stock, dispatch_uid="inventory.warn_of_low_stock")
