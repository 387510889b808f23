"""Everything that may be done to carts and orders. Other apps call these and nothing else."""

from apps.orders.services.cart import add_to_cart, merge_guest_cart, parse_quantity, reorder, set_quantity
from apps.orders.services.checkout import CheckoutDetails, Offer, place_order, placed_order, quote_basket
from apps.orders.services.closing import cancel_order, expire_order, sweep
from apps.orders.services.lifecycle import (
    Taken,
    add_note,
    order_quantities,
    record_fulfilment,
    record_payment,
    record_payment_failure,
    record_payment_pending,
    record_refund,
    record_refund_failure,
    settle_attention,
    start_payment,
)
from apps.orders.services.links import claim_orders, issue_guest_link, open_guest_link, revoke_guest_links
from apps.orders.services.states import summarise

__all__ = [
    "CheckoutDetails",
    "Offer",
    "Taken",
    "add_note",
    "add_to_cart",
    "cancel_order",
    "claim_orders",
    "expire_order",
    "issue_guest_link",
    "merge_guest_cart",
    "open_guest_link",
    "order_quantities",
    "parse_quantity",
    "place_order",
    "placed_order",
    "quote_basket",
    "record_fulfilment",
    "record_payment",
    "record_payment_failure",
    "record_payment_pending",
    "record_refund",
    "record_refund_failure",
    "reorder",
    "revoke_guest_links",
    "set_quantity",
    "settle_attention",
    "start_payment",
    "summarise",
    "sweep",
]
