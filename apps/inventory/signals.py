"""Facts of the stock desk. Sent with `send()` inside the transaction that makes the fact true.

`stock_ran_low` carries `variant_ids` and `event_id`, `alert_due` carries `alert_id` and `event_id`. `alert_asked`
carries `event_id` and the `wish` itself (`apps.inventory.tokens.Wish`), because nothing is stored of it yet.
"""

from django.dispatch import Signal

stock_ran_low = Signal()
alert_asked = Signal()
alert_due = Signal()
