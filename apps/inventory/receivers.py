"""What the stock desk does when the catalogue tells something."""

from collections.abc import Sequence
from typing import Any

from apps.catalog.signals import stock_refilled
from apps.inventory import services, tasks


def remember_who_waits(sender: Any, variant_ids: Sequence[int], **kwargs: Any) -> None:
    for variant_id in services.wanted_among(variant_ids):
        tasks.tell_refilled.enqueue(variant_id=variant_id)


def connect() -> None:
    stock_refilled.connect(remember_who_waits, dispatch_uid="inventory.remember_who_waits")
