"""Everything that may be done to carts and orders. Other apps call these and nothing else."""

from apps.orders.services.cart import add_to_cart, merge_guest_cart, parse_quantity, reorder, set_quantity
from apps.orders.services.checkout import (
    CheckoutDetails,
    Offer,
    place_order,
    placed_order,
    quote_basket,
    quote_goods,
)
from apps.orders.services.closing import cancel_order, expire_order, sweep
from apps.orders.services.codes import add_code, remove_code
from apps.orders.services.companions import find_companions
from apps.orders.services.lifecycle import (
    Taken,
    add_note,
    hold_until,
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
from apps.orders.services.returns import (
    DISPUTE_LOST,
    DISPUTED,
    REFUND_DOES_NOT_FIT,
    REFUNDED_OUTSIDE,
    Return,
    ask_for_attention,
    ask_for_refund,
    record_dispute,
    record_refund_started,
    return_pieces,
)
from apps.orders.services.states import summarise

__all__ = [
    "DISPUTED",
    "DISPUTE_LOST",
    "REFUNDED_OUTSIDE",
    "REFUND_DOES_NOT_FIT",
    "CheckoutDetails",
    "Offer",
    "Return",
    "Taken",
    "add_code",
    "add_note",
    "add_to_cart",
    "ask_for_attention",
    "ask_for_refund",
    "cancel_order",
    "claim_orders",
    "expire_order",
    "find_companions",
    "hold_until",
    "issue_guest_link",
    "merge_guest_cart",
    "open_guest_link",
    "order_quantities",
    "parse_quantity",
    "place_order",
    "placed_order",
    "quote_basket",
    "quote_goods",
    "record_dispute",
    "record_fulfilment",
    "record_payment",
    "record_payment_failure",
    "record_payment_pending",
    "record_refund",
    "record_refund_failure",
    "record_refund_started",
    "remove_code",
    "reorder",
    "return_pieces",
    "revoke_guest_links",
    "set_quantity",
    "settle_attention",
    "start_payment",
    "summarise",
    "sweep",
]
