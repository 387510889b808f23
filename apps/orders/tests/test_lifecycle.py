from datetime import timedelta

import pytest
from django.utils import timezone

from apps.catalog.models import Stock, StockMovement
from apps.catalog.tests.factories import make_variant
from apps.orders import services, signals
from apps.orders.errors import IllegalMove, PaymentMethodGone, PaymentUnderWay
from apps.orders.extensions import PaymentUnavailable
from apps.orders.models import Order, OrderEvent
from apps.orders.models.order import OrderStatus
from apps.orders.services import summarise
from apps.orders.services.states import MOVES
from apps.orders.tests.factories import make_order
from apps.orders.tests.providers import registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """Names of the facts that were sent."""
    names = []
    watched = {name: signal for name, signal in vars(signals).items() if name.startswith("order_")}
    listeners = []
    for name, signal in watched.items():

        def listen(sender, _name=name, **kwargs):
            names.append(_name)

        signal.connect(listen, weak=False)
        listeners.append((signal, listen))
    yield names
    for signal, listen in listeners:
        signal.disconnect(listen)


def fresh(order):
    return Order.unscoped.get(pk=order.pk)


def pay(order, *, amount=None, currency="EUR", ref="p-1"):
    services.record_payment(
        order_id=order.pk,
        amount=order.total if amount is None else amount,
        currency=currency,
        payment_ref=ref,
    )


def kinds(order):
    return [event.kind for event in OrderEvent.unscoped.filter(order=order)]


def stock_of(order):
    stock = Stock.objects.get(variant_id=order.lines.get().variant_id)
    return (stock.on_hand, stock.reserved)


def test_money_makes_an_order_paid_once(heard):
    order = make_order()
    pay(order)
    pay(order)
    now = fresh(order)
    assert (now.status, now.payment_state, now.attention) == (OrderStatus.PAID, "paid", "")
    assert now.paid_at is not None
    assert kinds(order) == ["placed", "paid"]
    assert now.version == order.version + 1
    assert heard.count("order_paid") == 1


@pytest.mark.parametrize(("amount", "currency"), [(1, "EUR"), (10**9, "EUR"), (2489, "USD")])
def test_money_that_does_not_fit_never_makes_an_order_paid(heard, amount, currency):
    order = make_order()
    assert order.total == 2489
    pay(order, amount=amount, currency=currency)
    pay(order, amount=amount, currency=currency)
    assert fresh(order).status == OrderStatus.AWAITING_PAYMENT
    assert "another amount" in fresh(order).attention
    assert kinds(order) == ["placed", "attention"]
    assert "order_paid" not in heard


def test_a_second_payment_asks_for_a_person():
    order = make_order(paid=True)
    pay(order, ref="p-2")
    assert fresh(order).status == OrderStatus.PAID
    assert fresh(order).attention == "The order was paid twice."


def test_money_for_a_closed_order_asks_for_a_person(heard):
    order = make_order()
    services.cancel_order(order_id=order.pk, restock=True, actor=None)
    pay(order)
    assert fresh(order).status == OrderStatus.CANCELLED
    assert fresh(order).payment_state == "awaiting"
    assert "after the order was closed" in fresh(order).attention
    assert "order_paid" not in heard


def test_a_decline_keeps_the_order_waiting(heard):
    order = make_order()
    services.record_payment_failure(order_id=order.pk, payment_ref="p-1")
    services.record_payment_failure(order_id=order.pk, payment_ref="p-1")
    assert fresh(order).status == OrderStatus.AWAITING_PAYMENT
    assert kinds(order) == ["placed", "payment_failed"]
    assert heard.count("order_payment_failed") == 1


def test_pending_is_told_once_and_moves_the_version():
    order = make_order()
    services.record_payment_pending(order_id=order.pk, payment_ref="p-1")
    services.record_payment_pending(order_id=order.pk, payment_ref="p-1")
    assert kinds(order) == ["placed", "payment_pending"]
    assert fresh(order).version == order.version + 1


def test_what_comes_late_does_not_turn_a_paid_order_back():
    order = make_order()
    pay(order)
    services.record_payment_failure(order_id=order.pk, payment_ref="p-1")
    services.record_payment_pending(order_id=order.pk, payment_ref="p-1")
    assert kinds(order) == ["placed", "paid"]
    assert fresh(order).status == OrderStatus.PAID


def test_paying_again_opens_an_attempt_and_says_where_to_go(paper):
    order = make_order()
    url = services.start_payment(order_id=order.pk, payment_method="paper")
    assert url == f"/payments/paper/{order.ref}/"
    assert paper.prepared == [order.pk, order.pk]
    assert kinds(order) == ["placed", "payment_started"]


def test_only_an_order_that_waits_can_be_paid():
    order = make_order(paid=True)
    with pytest.raises(IllegalMove):
        services.start_payment(order_id=order.pk, payment_method="paper")
    with pytest.raises(PaymentMethodGone):
        services.start_payment(order_id=order.pk, payment_method="cash")
    assert kinds(order) == ["placed", "paid"]


def test_a_provider_that_is_away_leaves_the_attempt_open(paper):
    order = make_order()
    paper.reachable = False
    with pytest.raises(PaymentUnavailable):
        services.start_payment(order_id=order.pk, payment_method="paper")
    assert fresh(order).status == OrderStatus.AWAITING_PAYMENT


def test_parcels_move_the_order_and_shipping_takes_the_stock(heard):
    order = make_order(lines={make_variant(on_hand=5): 2}, paid=True)
    services.record_fulfilment(order_id=order.pk, to="packed")
    assert (fresh(order).status, stock_of(order)) == (OrderStatus.FULFILLING, (5, 2))
    services.record_fulfilment(order_id=order.pk, to="shipped", data={"carrier": "Post"})
    assert (fresh(order).status, stock_of(order)) == (OrderStatus.SHIPPED, (3, 0))
    services.record_fulfilment(order_id=order.pk, to="delivered")
    assert fresh(order).status == OrderStatus.DELIVERED
    assert StockMovement.objects.get(reason="sale").delta == -2
    assert OrderEvent.unscoped.get(kind="shipped").data == {"carrier": "Post"}
    assert [name for name in heard if name in {"order_shipped", "order_delivered"}] == [
        "order_shipped",
        "order_delivered",
    ]


@pytest.mark.parametrize("step", ["delivered", "teleported", "unfulfilled"])
def test_an_impossible_step_changes_nothing(step):
    order = make_order(paid=True)
    before = fresh(order)
    with pytest.raises(IllegalMove):
        services.record_fulfilment(order_id=order.pk, to=step)
    assert fresh(order).__dict__ | {"_state": 0} == before.__dict__ | {"_state": 0}
    assert kinds(order) == ["placed", "paid"]


def test_an_unpaid_order_is_not_packed_and_nothing_ships_twice():
    order = make_order()
    with pytest.raises(IllegalMove):
        services.record_fulfilment(order_id=order.pk, to="packed")
    pay(order)
    services.record_fulfilment(order_id=order.pk, to="shipped")
    with pytest.raises(IllegalMove):
        services.record_fulfilment(order_id=order.pk, to="shipped")
    assert stock_of(order) == (9, 0)


def test_cancelling_frees_the_pieces(heard, paper):
    order = make_order(lines={make_variant(on_hand=5): 2})
    services.cancel_order(order_id=order.pk, restock=True, actor=None, reason="Changed their mind")
    assert (fresh(order).status, stock_of(order)) == (OrderStatus.CANCELLED, (5, 0))
    assert OrderEvent.unscoped.get(kind="cancelled").text == "Changed their mind"
    assert paper.closed == [order.pk]
    assert heard[-1] == "order_cancelled"


def test_cancelling_without_restock_writes_the_pieces_off():
    order = make_order(lines={make_variant(on_hand=5): 2})
    services.cancel_order(order_id=order.pk, restock=False, actor=None)
    assert stock_of(order) == (3, 0)
    assert StockMovement.objects.get(reason="loss").delta == -2


def test_cancelling_a_paid_order_asks_for_its_refund():
    order = make_order(paid=True)
    services.cancel_order(order_id=order.pk, restock=True, actor=None)
    assert fresh(order).status == OrderStatus.CANCELLED
    assert "refund" in fresh(order).attention


def test_while_money_may_come_nothing_is_cancelled(paper):
    order = make_order()
    paper.closes = False
    with pytest.raises(PaymentUnderWay):
        services.cancel_order(order_id=order.pk, restock=True, actor=None)
    assert fresh(order).status == OrderStatus.AWAITING_PAYMENT
    assert stock_of(order) == (10, 1)


def test_a_payment_between_closing_and_cancelling_wins(paper):
    order = make_order()
    paper.on_close = lambda closing: pay(order)
    with pytest.raises(IllegalMove):
        services.cancel_order(order_id=order.pk, restock=True, actor=None)
    assert fresh(order).status == OrderStatus.PAID
    assert stock_of(order) == (10, 1)


def test_a_shipped_or_closed_order_is_not_cancelled():
    shipped, cancelled = make_order(paid=True), make_order()
    services.record_fulfilment(order_id=shipped.pk, to="shipped")
    services.cancel_order(order_id=cancelled.pk, restock=True, actor=None)
    for order in (shipped, cancelled):
        before = stock_of(order)
        with pytest.raises(IllegalMove):
            services.cancel_order(order_id=order.pk, restock=True, actor=None)
        assert stock_of(order) == before


def overdue(**fields):
    order = make_order(**fields)
    Order.unscoped.filter(pk=order.pk).update(hold_expires_at=timezone.now() - timedelta(seconds=1))
    return order


def test_sweep_frees_what_was_not_paid_in_time(heard):
    late, waiting, paid = overdue(), make_order(), overdue(paid=True)
    assert services.sweep() == 1
    assert services.sweep() == 0
    assert [fresh(order).status for order in (late, waiting, paid)] == [
        OrderStatus.EXPIRED,
        OrderStatus.AWAITING_PAYMENT,
        OrderStatus.PAID,
    ]
    assert [stock_of(order) for order in (late, waiting, paid)] == [(10, 0), (10, 1), (10, 1)]
    assert heard.count("order_expired") == 1


def test_sweep_waits_while_money_may_come(paper):
    order = overdue()
    paper.closes = False
    assert services.sweep() == 0
    assert fresh(order).status == OrderStatus.AWAITING_PAYMENT
    assert stock_of(order) == (10, 1)


def test_sweep_does_not_expire_what_is_paid_while_it_closes(paper):
    order = overdue()
    paper.on_close = lambda closing: pay(order)
    assert services.sweep() == 0
    assert fresh(order).status == OrderStatus.PAID
    assert stock_of(order) == (10, 1)


def test_one_order_that_can_not_be_asked_about_does_not_stop_the_sweep(paper, caplog):
    broken, fine = overdue(), overdue()

    def fail(order):
        if order.pk == broken.pk:
            raise OSError

    paper.on_close = fail
    assert services.sweep() == 1
    assert fresh(broken).status == OrderStatus.AWAITING_PAYMENT
    assert fresh(fine).status == OrderStatus.EXPIRED
    assert [record.getMessage() for record in caplog.records] == [f"Order {broken.pk} could not be expired."]
    assert caplog.records[0].exc_info


@pytest.mark.parametrize(
    ("payment", "fulfilment", "refund", "closure", "status"),
    [
        ("awaiting", "unfulfilled", "none", "none", "awaiting_payment"),
        ("paid", "unfulfilled", "none", "none", "paid"),
        ("paid", "packed", "none", "none", "fulfilling"),
        ("paid", "shipped", "partial", "none", "shipped"),
        ("paid", "delivered", "none", "none", "delivered"),
        ("paid", "unfulfilled", "partial", "none", "partially_refunded"),
        ("paid", "delivered", "full", "none", "refunded"),
        ("paid", "unfulfilled", "full", "cancelled", "cancelled"),
        ("awaiting", "unfulfilled", "none", "expired", "expired"),
    ],
)
def test_the_status_sums_up_the_states(payment, fulfilment, refund, closure, status):
    assert summarise(payment=payment, fulfilment=fulfilment, refund=refund, closure=closure) == status


def test_the_table_of_moves_knows_every_state():
    choices = {
        "payment_state": Order.PaymentState,
        "fulfilment_state": Order.FulfilmentState,
        "refund_state": Order.RefundState,
        "closure": Order.Closure,
    }
    assert MOVES.keys() == choices.keys()
    for column, moves in MOVES.items():
        named = set(moves) | {target for targets in moves.values() for target in targets}
        assert named == set(choices[column])


def test_a_settled_order_needs_attention_no_more(django_user_model):
    clerk = django_user_model.objects.create_user("clerk@example.com")
    order = make_order(paid=True)
    pay(order, ref="p-2")
    services.settle_attention(order_id=order.pk, actor=clerk)
    assert fresh(order).attention == ""
    assert OrderEvent.unscoped.filter(order=order).last().actor == clerk


def test_an_order_of_a_method_that_was_switched_off_is_waited_out(paper):
    order = overdue()
    with registered(methods=[]):
        assert services.sweep() == 0
        long_ago = timezone.now() - timedelta(days=2)
        Order.unscoped.filter(pk=order.pk).update(placed_at=long_ago)
        assert services.sweep() == 1
    assert fresh(order).status == OrderStatus.EXPIRED
    assert paper.closed == []
