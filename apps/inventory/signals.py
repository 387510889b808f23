"""Facts of the stock desk. Sent with `send()` inside the transaction that makes the fact true.

`stock_ran_low` carries `variant_ids` and `event_id`.
"""

from django.dispatch import Signal

stock_ran_low = Signal()
