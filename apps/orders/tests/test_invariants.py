from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from apps.catalog.models import Stock
from apps.catalog.tests.factories import make_variant
from apps.core.invariants import audit
from apps.orders import services
from apps.orders.holds import numbers_of_orders_holding
from apps.orders.models import Cart, Order, OrderEvent, OrderLine
from apps.orders.tests.factories import make_cart, make_order

pytestmark = pytest.mark.django_db


def broken():
    return [(finding.invariant, finding.detail) for finding in audit() if finding.invariant.startswith("orders.")]


@pytest.fixture
def order():
    return make_order(lines={make_variant(): 2, make_variant(): 1}, paid=True)


def test_a_shop_at_work_breaks_none(order):
    make_cart()
    services.record_fulfilment(order_id=order.pk, to="shipped")
    services.cancel_order(order_id=make_order().pk, restock=False, actor=None)
    make_order()
    assert broken() == []


def test_lines_that_do_not_add_up_are_found(order):
    line = OrderLine.unscoped.first()
    OrderLine.unscoped.filter(pk=line.pk).update(quantity=1, amount=line.unit_price)
    assert (
        "orders.total_is_its_parts",
        f"Order {order.number} says 5997 for its goods, its lines say 3998.",
    ) in broken()


def test_a_promise_without_an_order_is_found():
    variant = make_variant()
    Stock.objects.filter(variant=variant).update(reserved=3)
    expected = f"Variant {variant.pk}: 3 pieces are reserved, open orders hold 0."
    assert broken() == [("orders.holds_are_reserved", expected)]


def test_an_order_without_a_promise_is_found(order):
    Stock.objects.update(reserved=0)
    assert len(broken()) == 2


def test_a_closed_cart_without_an_order_is_found():
    make_cart()
    Cart.unscoped.update(state=Cart.State.ORDERED)
    assert broken() == [
        ("orders.one_order_per_cart", f"Cart {Cart.unscoped.get().pk} is ordered, but there is no order.")
    ]


def test_an_open_cart_with_an_order_is_found(order):
    Cart.unscoped.update(state=Cart.State.OPEN)
    assert [name for name, _ in broken()] == ["orders.one_order_per_cart"]


def test_a_wrong_status_is_found(order):
    Order.unscoped.update(status="shipped")
    assert broken() == [("orders.status_sums_up_states", f"Order {order.number} says shipped, its states say paid.")]


def test_a_payment_without_its_event_or_moment_is_found(order):
    Order.unscoped.update(paid_at=None)
    OrderEvent.unscoped.filter(kind="paid").delete()
    assert [name for name, _ in broken()] == ["orders.paid_once", "orders.paid_once"]


def test_an_order_without_lines_is_found(order):
    OrderLine.unscoped.all().delete()
    assert "orders.has_lines" in [name for name, _ in broken()]


def test_the_database_refuses_a_total_that_is_not_its_parts(order):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Order.unscoped.update(total=1)
    assert connection.is_usable()


def test_sweep_says_how_many(order):
    late = make_order()
    Order.unscoped.filter(pk=late.pk).update(hold_expires_at=late.placed_at)
    out = StringIO()
    call_command("sweep", stdout=out)
    assert out.getvalue() == "1 orders expired.\n"


def test_orders_in_the_way_of_a_count_are_named(order):
    variant = OrderLine.unscoped.first().variant_id
    assert numbers_of_orders_holding(variant) == [order.number]
    services.cancel_order(order_id=order.pk, restock=True, actor=None)
    assert numbers_of_orders_holding(variant) == []
