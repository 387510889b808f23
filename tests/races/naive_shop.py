# ruff: noqa: I001  (config.wsgi comes first: it sets Django up)
"""The shop with one of its two guards against overselling taken out: the negative controls of the flash sale.

STOA_TEST_NAIVE=two-transactions  stock is read in one transaction and written in a later one, unconditionally
STOA_TEST_NAIVE=unconditional     stock is written without the condition; only the database's CHECK is left
"""

import os
import time

from config.wsgi import application  # noqa: F401

from django.db import IntegrityError
from django.db.models import F

from apps.catalog.errors import SoldOut
from apps.catalog.models import Stock
from apps.catalog.services import stock as stock_service
from apps.orders.models import Cart
from apps.orders.services import checkout

_place_order = checkout.place_order
_hold_stock = stock_service.hold_stock


def hold_without_condition(*, quantities, **kwargs):
    for variant_id, pieces in quantities.items():
        try:
            Stock.objects.filter(variant_id=variant_id).update(reserved=F("reserved") + pieces)
        except IntegrityError:
            raise SoldOut([]) from None


def place_after_an_old_look(*, owner, token, **kwargs):
    for line in Cart.unscoped.get(checkout_token=token).lines.select_related("variant__stock"):
        if line.variant.stock.available < line.quantity:
            raise SoldOut([])
    time.sleep(0.2)  # as long as a slow provider, so that many look before one writes
    return _place_order(owner=owner, token=token, **kwargs)


def _replace(module, name, function):
    import sys

    original = getattr(module, name)
    for loaded in list(sys.modules.values()):
        if getattr(loaded, "__name__", "").startswith("apps.") and getattr(loaded, name, None) is original:
            setattr(loaded, name, function)


_naive = os.environ["STOA_TEST_NAIVE"]
_replace(stock_service, "hold_stock", hold_without_condition)
if _naive == "two-transactions":
    _replace(checkout, "place_order", place_after_an_old_look)
