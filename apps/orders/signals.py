"""Facts about orders. Sent with `send()` inside the transaction that makes the fact true; receivers only write rows.

Every signal carries `order_id` and `event_id` (the primary key of the OrderEvent), nothing else.
"""

from django.dispatch import Signal

order_placed = Signal()
order_paid = Signal()
order_payment_failed = Signal()
order_shipped = Signal()
order_delivered = Signal()
order_cancelled = Signal()
order_expired = Signal()
order_refunded = Signal()
order_refund_failed = Signal()
