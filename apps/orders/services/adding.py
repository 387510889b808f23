"""A cart's rows, each written by one statement that makes the row or changes the one that is there.

Django can't name a partial index or a condition in ON CONFLICT, so this is SQL; both databases understand it. Between
looking and writing there is no gap in which a parallel request of the same visitor could make the row first.
"""

from __future__ import annotations

from uuid import uuid4

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from apps.core.databases.rows import all_rows
from apps.core.ownership import Owner
from apps.orders.models.cart import MAX_LINES, MAX_QUANTITY

_CART = """
INSERT INTO orders_cart (user_id, guest_key, state, checkout_token, codes, created_at, updated_at)
VALUES (%s, %s, 'open', %s, '[]', %s, %s)
"""
_OF_USER = "ON CONFLICT (user_id) WHERE state = 'open' DO UPDATE SET updated_at = EXCLUDED.updated_at RETURNING id"
_OF_GUEST = "ON CONFLICT (guest_key) WHERE state = 'open' DO UPDATE SET updated_at = EXCLUDED.updated_at RETURNING id"

# The cart is locked, so the count stands. A line that is there already may always grow.
_LINE = """
INSERT INTO orders_cartline (cart_id, variant_id, quantity, added_at)
SELECT %s, id, %s, %s FROM catalog_variant
WHERE sku = %s AND (
    (SELECT COUNT(*) FROM orders_cartline WHERE cart_id = %s) < %s
    OR EXISTS (SELECT 1 FROM orders_cartline WHERE cart_id = %s AND variant_id = catalog_variant.id))
ON CONFLICT (cart_id, variant_id) DO UPDATE SET quantity = CASE
    WHEN orders_cartline.quantity + EXCLUDED.quantity > %s THEN %s
    ELSE orders_cartline.quantity + EXCLUDED.quantity END
RETURNING id
"""


def lock_open_cart(owner: Owner) -> int:
    """The primary key of the owner's open cart, made if there is none and locked to the end of the transaction."""
    columns, now = owner.columns, connection.ops.adapt_datetimefield_value(timezone.now())
    token = uuid4() if connection.features.has_native_uuid_field else uuid4().hex
    statement = _CART + (_OF_USER if owner.user_id is not None else _OF_GUEST)
    ((cart_id,),) = all_rows(statement, [columns["user_id"], columns["guest_key"], token, now, now], _database())
    return int(cart_id)


def add_pieces(*, cart_id: int, sku: str, quantity: int) -> bool:
    """Add to the variant's line of a locked cart, up to 999, or begin it. False if there is no such variant, or if it
    would be the cart's 101st line."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    new = [cart_id, quantity, now, sku]
    limits = [cart_id, MAX_LINES, cart_id, MAX_QUANTITY, MAX_QUANTITY]
    return bool(all_rows(_LINE, [*new, *limits], _database()))


def _database() -> BaseDatabaseWrapper:
    """This thread's own; by the proxy everything would look for it again."""
    return connections[connection.alias]
