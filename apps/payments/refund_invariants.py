"""What must hold between refunds, the goods they cover, and the orders they are of."""

from collections.abc import Iterator

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from apps.core import invariants
from apps.orders.models import Order, OrderLine
from apps.payments.models import Dispute, Payment, Refund, RefundLine
from apps.pricing.refunding import recompute

State, Refunded = Refund.State, Order.RefundState


def refund_states_that_differ() -> Iterator[str]:
    """An order is as refunded as the refunds of its own money that arrived."""
    done = Coalesce(Sum("refunds__amount", filter=Q(refunds__for_order=True, refunds__state=State.SUCCEEDED)), 0)
    orders = Order.unscoped.annotate(done=done).filter(Q(done__gt=0) | ~Q(refund_state=Refunded.NONE)).order_by("pk")
    for number, state, sum_, total in orders.values_list("number", "refund_state", "done", "total"):
        expected = Refunded.NONE if not sum_ else Refunded.PARTIAL if sum_ < total else Refunded.FULL
        if state != expected:
            yield f"Order {number} says {state}, but {sum_} of its {total} went back."


def released_pieces_that_differ() -> Iterator[str]:
    """A piece that is never to be sent was released by a refund, and by no other way."""
    by_refunds = RefundLine.unscoped.filter(order_line=OuterRef("pk")).order_by().values("order_line")
    lines = OrderLine.unscoped.annotate(
        by_refunds=Coalesce(Subquery(by_refunds.annotate(sum=Sum("released")).values("sum")), 0)
    )
    for number, sku, released, sum_ in lines.exclude(released=F("by_refunds")).values_list(
        "order__number", "sku", "released", "by_refunds"
    ):
        yield f"Order {number} released {released} of {sku}, its refunds {sum_}."


def pieces_refunded_beyond_their_line() -> Iterator[str]:
    counted = RefundLine.unscoped.exclude(refund__state=State.FAILED).order_by()
    sums = counted.values("order_line__order__number", "order_line__sku", "order_line__quantity")
    for row in sums.annotate(pieces=Sum("quantity")).filter(pieces__gt=F("order_line__quantity")):
        number, sku = row["order_line__order__number"], row["order_line__sku"]
        yield f"Order {number} refunded {row['pieces']} of {row['order_line__quantity']} pieces of {sku}."


def more_given_back_than_taken() -> Iterator[str]:
    for ref in Payment.unscoped.filter(refunded__gt=F("captured")).values_list("ref", flat=True):
        yield f"Payment {ref} gave back more than it took."


def refund_lines_that_differ() -> Iterator[str]:
    """The pieces of a refund come to its goods."""
    rows = Refund.unscoped.annotate(lines_sum=Coalesce(Sum("lines__amount"), 0)).exclude(goods_amount=F("lines_sum"))
    for refund in rows.order_by("pk"):
        yield f"Refund {refund.ref} gives back {refund.goods_amount} for goods, its lines {refund.lines_sum}."


def explanations_that_differ() -> Iterator[str]:
    """Every stored explanation computes again to the refund's own figures."""
    explained = Refund.unscoped.exclude(explanation={}).order_by("pk")
    for refund in explained.only("ref", "amount", "tax", "explanation").iterator(chunk_size=500):
        figures = recompute(refund.explanation)
        if (figures["total"], figures["tax"]) != (refund.amount, refund.tax):
            yield f"Refund {refund.ref} of {refund.amount} is explained as {figures['total']}."


def lost_disputes_that_took_nothing() -> Iterator[str]:
    """The money of a lost dispute is in our books as gone back: by its own row, or because it was back before."""
    lost = Dispute.unscoped.filter(state=Dispute.State.LOST, payment__refunded__lt=F("payment__captured"))
    known = Refund.unscoped.filter(origin=Refund.Origin.DISPUTE).values("provider_ref")
    for ref in lost.exclude(provider_ref__in=known).values_list("provider_ref", flat=True):
        yield f"Dispute {ref} was lost, but no money is counted as gone back."


def register_invariants() -> None:
    invariants.register("payments.refund_state_is_its_refunds", refund_states_that_differ)
    invariants.register("payments.released_by_refunds", released_pieces_that_differ)
    invariants.register("payments.pieces_refunded_once", pieces_refunded_beyond_their_line)
    invariants.register("payments.refunded_within_captured", more_given_back_than_taken)
    invariants.register("payments.refund_is_its_lines", refund_lines_that_differ)
    invariants.register("payments.refund_explains_itself", explanations_that_differ)
    invariants.register("payments.lost_disputes_are_counted", lost_disputes_that_took_nothing)
