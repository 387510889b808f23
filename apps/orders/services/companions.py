"""What is bought together, read from the shop's own orders once a day. Nobody is followed for it."""

from collections import defaultdict
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from apps.catalog.services.companions import MOST, keep_companions

SINCE = timedelta(days=365)
AT_LEAST = 2
# Two of the same product in an order are one; an order of a reseller with hundreds of products says little of taste.
_TOGETHER = """
    WITH bought AS (
        SELECT DISTINCT l.order_id, v.product_id
        FROM orders_orderline l
        JOIN orders_order o ON o.id = l.order_id
        JOIN catalog_variant v ON v.id = l.variant_id
        WHERE o.payment_state = 'paid' AND o.closure = 'none' AND o.placed_at >= %s
    ), small AS (
        SELECT order_id FROM bought GROUP BY order_id HAVING COUNT(*) BETWEEN 2 AND 20
    )
    SELECT a.product_id, b.product_id
    FROM small s
    JOIN bought a ON a.order_id = s.order_id
    JOIN bought b ON b.order_id = s.order_id AND b.product_id <> a.product_id
    GROUP BY a.product_id, b.product_id
    HAVING COUNT(*) >= %s
    ORDER BY a.product_id, COUNT(*) DESC, b.product_id
"""


def find_companions() -> int:
    """Keep for each product what was most often in the same paid order in the last year; returns how many changed."""
    companions: dict[int, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_TOGETHER, [timezone.now() - SINCE, AT_LEAST])
        for product_id, other_id in cursor.fetchall():
            if len(companions[product_id]) < MOST:
                companions[product_id].append(other_id)
    return keep_companions(companions)
