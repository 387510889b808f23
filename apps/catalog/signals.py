"""Facts about the catalogue. Sent with `send()` inside the transaction that makes the fact true; receivers write rows.

`stock_refilled` carries `variant_ids`: none of them could be bought a moment ago, and now there is something to sell.
"""

from django.dispatch import Signal

stock_refilled = Signal()
