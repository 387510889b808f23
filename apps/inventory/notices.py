"""What the stock desk tells by mail. The one module of inventory that knows notifications."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from apps.catalog.models import Stock
from apps.inventory import signals
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


def connect() -> None:
    signals.stock_ran_low.connect(warn_of_low_stock, dispatch_uid="inventory.warn_of_low_stock")
