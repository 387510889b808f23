"""What must always be true of carts and orders; each check yields a sentence per row that breaks it."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from apps.catalog.models import Stock
from apps.core import invariants
from apps.orders.models import Cart, Order, OrderEvent, OrderLine
from apps.orders.services import summarise
from apps.pricing.explanation import Explanation, recompute
from apps.pricing.models import Redemption


def totals_that_differ() -> Iterator[str]:
    """The database holds total = parts; that the parts are those of the lines takes a look at both."""
    sums = (
        Order.unscoped.order_by()
        .annotate(goods=Coalesce(Sum("lines__amount"), 0), off=Coalesce(Sum("lines__discount"), 0))
        .exclude(goods=F("subtotal"), off=F("discount_total"))
    )
    for number, subtotal, goods in sums.values_list("number", "subtotal", "goods"):
        yield f"Order {number} says {subtotal} for its goods, its lines say {goods}."
    unbalanced = Order.unscoped.exclude(
        total=F("subtotal") - F("discount_total") + F("shipping_total") + F("tax_added")
    )
    for number in unbalanced.values_list("number", flat=True):
        yield f"Order {number} has a total that is not the sum of its parts."


def holds_that_differ() -> Iterator[str]:
    """Every promised piece belongs to an open order, and every open order's pieces are promised."""
    open_lines = OrderLine.unscoped.filter(order__in=Order.unscoped.holding_stock()).order_by()
    held = dict(open_lines.values_list("variant_id").annotate(pieces=Sum(F("quantity") - F("released"))))
    reserved = dict(Stock.objects.filter(~Q(reserved=0)).values_list("variant_id", "reserved"))
    held = {variant_id: pieces for variant_id, pieces in held.items() if pieces}
    for variant_id in sorted(held.keys() | reserved.keys()):
        if held.get(variant_id, 0) != reserved.get(variant_id, 0):
            yield (
                f"Variant {variant_id}: {reserved.get(variant_id, 0)} pieces are reserved, "
                f"open orders hold {held.get(variant_id, 0)}."
            )


def carts_and_orders_that_differ() -> Iterator[str]:
    """A cart is closed by its order in one transaction: neither is there without the other."""
    orders = Order.unscoped.filter(checkout_token=OuterRef("checkout_token"))
    for pk in Cart.unscoped.filter(~Exists(orders), state=Cart.State.ORDERED).values_list("pk", flat=True):
        yield f"Cart {pk} is ordered, but there is no order."
    for pk in Cart.unscoped.filter(Exists(orders)).exclude(state=Cart.State.ORDERED).values_list("pk", flat=True):
        yield f"Cart {pk} became an order and is still open."


def statuses_that_differ() -> Iterator[str]:
    columns = ("number", "status", "payment_state", "fulfilment_state", "refund_state", "closure")
    for number, status, payment, fulfilment, refund, closure in Order.unscoped.values_list(*columns).iterator():
        expected = summarise(payment=payment, fulfilment=fulfilment, refund=refund, closure=closure)
        if status != expected:
            yield f"Order {number} says {status}, its states say {expected}."


def payments_that_differ() -> Iterator[str]:
    """Being paid, its moment and its event belong together; there is one such event."""
    without = Q(payment_state=Order.PaymentState.PAID, paid_at__isnull=True)
    too_early = Q(payment_state=Order.PaymentState.AWAITING, paid_at__isnull=False)
    for number in Order.unscoped.filter(without | too_early).values_list("number", flat=True):
        yield f"Order {number}: paid and the moment of payment do not agree."
    paid = OrderEvent.unscoped.filter(kind=OrderEvent.Kind.PAID).order_by().values_list("order_id")
    events = dict(paid.annotate(times=Count("pk")))
    for pk, number in Order.unscoped.filter(payment_state=Order.PaymentState.PAID).values_list("pk", "number"):
        if events.pop(pk, 0) != 1:
            yield f"Order {number} is paid, but not by exactly one event."
    for pk in events:
        yield f"Order id {pk} has an event of payment and is not paid."


def discounts_that_differ() -> Iterator[str]:
    """An order's discount is the sum of the discounts that it names."""
    rows = Order.unscoped.exclude(discounts=[], discount_total=0).order_by("pk")
    for number, discount_total, discounts in rows.values_list("number", "discount_total", "discounts").iterator():
        named = sum(discount["amount"] for discount in discounts)
        if named != discount_total:
            yield f"Order {number} has a discount of {discount_total}, its discounts add up to {named}."


def redemptions_that_differ() -> Iterator[str]:
    """An open order uses the discounts that it names; a closed one has given them back."""
    used: dict[str, set[int]] = defaultdict(set)
    for ref, discount_id in Redemption.objects.filter(freed_at=None).values_list("order_ref", "discount_id"):
        used[ref].add(discount_id)
    rows = Order.unscoped.exclude(discounts=[]).order_by("pk")
    for ref, number, closure, discounts in rows.values_list("ref", "number", "closure", "discounts").iterator():
        named = {discount["id"] for discount in discounts} if closure == Order.Closure.NONE else set()
        if used.pop(ref, set()) != named:
            yield f"Order {number} does not use the discounts that it names."
    for ref in used:
        yield f"Order {ref} uses a discount that it does not name."


def explanations_that_differ() -> Iterator[str]:
    """Pieces, prices, rates and discounts of the explanation come to the figures of the order, line by line."""
    lines: dict[int, list[tuple[int, int]]] = defaultdict(list)
    explained = Order.unscoped.exclude(explanation={}).order_by("pk")
    rows = OrderLine.unscoped.filter(order__in=explained).order_by("order_id", "pk")
    for order_id, discount, tax in rows.values_list("order_id", "discount", "tax").iterator():
        lines[order_id].append((discount, tax))
    for order in explained.iterator():
        expected = (order.subtotal, order.discount_total, order.shipping_total, order.tax_total, order.total)
        if not _explains(order.explanation, expected, tuple(lines[order.pk])):
            yield f"Order {order.number} can't be computed again from its explanation."


def _explains(explanation: Explanation, expected: tuple[int, ...], lines: tuple[tuple[int, int], ...]) -> bool:
    try:
        figures = recompute(explanation)
    except (ValueError, KeyError, TypeError):
        return False
    computed = (figures.subtotal, figures.discount, figures.shipping, figures.tax, figures.total)
    return (computed, figures.lines) == (expected, lines)


def orders_without_lines() -> Iterator[str]:
    for number in Order.unscoped.filter(lines__isnull=True).values_list("number", flat=True):
        yield f"Order {number} has no lines."


def register_invariants() -> None:
    invariants.register("orders.total_is_its_parts", totals_that_differ)
    invariants.register("orders.holds_are_reserved", holds_that_differ)
    invariants.register("orders.one_order_per_cart", carts_and_orders_that_differ)
    invariants.register("orders.status_sums_up_states", statuses_that_differ)
    invariants.register("orders.paid_once", payments_that_differ)
    invariants.register("orders.has_lines", orders_without_lines)
    invariants.register("orders.discounts_are_its_parts", discounts_that_differ)
    invariants.register("orders.discounts_are_redeemed", redemptions_that_differ)
    invariants.register("orders.explanation_recomputes", explanations_that_differ)
