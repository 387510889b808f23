"""A parcel and its order move together, one clerk at a time."""

import pytest

from apps.catalog.models import Stock, StockMovement
from apps.catalog.tests.factories import make_variant
from apps.core.errors import DomainError
from apps.core.invariants import audit
from apps.orders import signals
from apps.orders.models import Order, OrderEvent
from apps.orders.services import cancel_order
from apps.orders.tests.factories import make_order
from apps.shipping import services
from apps.shipping.models import Shipment
from apps.shipping.services import IllegalShipmentMove, InvalidTracking
from apps.users.models import User

pytestmark = pytest.mark.django_db

TRACKING = {"carrier": "DHL", "tracking_number": "JD014", "tracking_url": "https://track.example/JD014"}
STEPS = {
    "pack": lambda order: services.pack(order_id=order.pk, actor=None),
    "ship": lambda order: services.ship(order_id=order.pk, actor=None, **TRACKING),
    "deliver": lambda order: services.mark_delivered(order_id=order.pk, actor=None),
}


@pytest.fixture
def clerk():
    return User.objects.create_user(email="clerk@example.com", password="x", is_staff=True)


@pytest.fixture
def variant():
    return make_variant(price=1999, on_hand=10, sku="MUG-1")


@pytest.fixture
def order(variant):
    return make_order(lines={variant: 2}, paid=True)


def snapshot(order) -> tuple:
    """Everything that a refused step must leave as it was."""
    order = Order.unscoped.get(pk=order.pk)
    return (
        (order.status, order.fulfilment_state, order.version),
        list(Shipment.unscoped.values()),
        OrderEvent.unscoped.filter(order=order).count(),
        list(Stock.objects.values("on_hand", "reserved")),
        StockMovement.objects.count(),
    )


def test_packing_writes_the_parcel_and_tells_the_order(order, clerk):
    shipment = services.pack(order_id=order.pk, actor=clerk)

    order.refresh_from_db()
    assert (shipment.state, shipment.actor) == ("packed", clerk)
    assert (order.status, order.fulfilment_state) == ("fulfilling", "packed")


def test_shipping_keeps_the_tracking_and_takes_the_pieces_out_of_the_stock(order, variant, clerk):
    services.pack(order_id=order.pk, actor=clerk)

    shipment = services.ship(order_id=order.pk, actor=clerk, **TRACKING)

    order.refresh_from_db()
    stock = Stock.objects.get(variant=variant)
    assert (shipment.state, shipment.carrier, shipment.tracking_number) == ("shipped", "DHL", "JD014")
    assert shipment.shipped_at is not None
    assert order.status == "shipped"
    assert (stock.on_hand, stock.reserved) == (8, 0)


def test_the_tracking_goes_into_the_event_for_the_mail(order):
    services.ship(order_id=order.pk, actor=None, **TRACKING)

    event = OrderEvent.unscoped.get(order=order, kind="shipped")
    assert event.data == TRACKING


def test_an_order_that_nobody_packed_can_be_shipped_in_one_step(order):
    services.ship(order_id=order.pk, actor=None)

    order.refresh_from_db()
    assert order.status == "shipped"
    kinds = OrderEvent.unscoped.filter(order=order).values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["packed", "shipped"]


def test_a_shipped_parcel_is_delivered(order):
    services.ship(order_id=order.pk, actor=None)

    shipment = services.mark_delivered(order_id=order.pk, actor=None)

    order.refresh_from_db()
    assert (shipment.state, order.status) == ("delivered", "delivered")
    assert shipment.delivered_at is not None
    assert [found for found in audit() if found.invariant.startswith("shipping.")] == []


@pytest.mark.parametrize(
    ("done", "step"),
    [
        ([], "deliver"),
        (["pack"], "pack"),
        (["pack"], "deliver"),
        (["ship"], "pack"),
        (["ship"], "ship"),
        (["ship", "deliver"], "pack"),
        (["ship", "deliver"], "ship"),
        (["ship", "deliver"], "deliver"),
    ],
)
def test_a_step_out_of_turn_is_refused_and_changes_nothing(order, done, step):
    for earlier in done:
        STEPS[earlier](order)
    before = snapshot(order)

    with pytest.raises(IllegalShipmentMove):
        STEPS[step](order)

    assert snapshot(order) == before


@pytest.mark.parametrize("step", ["pack", "ship"])
def test_an_unpaid_order_is_neither_packed_nor_shipped(variant, step):
    order = make_order(lines={variant: 1})
    before = snapshot(order)

    with pytest.raises(DomainError):
        STEPS[step](order)

    assert snapshot(order) == before


@pytest.mark.parametrize("step", ["pack", "ship"])
def test_a_cancelled_order_is_neither_packed_nor_shipped(order, step):
    cancel_order(order_id=order.pk, restock=True, actor=None)
    before = snapshot(order)

    with pytest.raises(DomainError):
        STEPS[step](order)

    assert snapshot(order) == before


def test_a_packed_order_that_was_cancelled_is_not_shipped(order):
    services.pack(order_id=order.pk, actor=None)
    cancel_order(order_id=order.pk, restock=True, actor=None)
    before = snapshot(order)

    with pytest.raises(DomainError):
        services.ship(order_id=order.pk, actor=None, **TRACKING)

    assert snapshot(order) == before


@pytest.mark.parametrize(
    "tracking",
    [
        {"carrier": "x" * 81},
        {"tracking_number": "x" * 81},
        {"tracking_url": "javascript:alert(1)"},
        {"tracking_url": "ftp://track.example/1"},
        {"tracking_url": "not an address"},
        {"tracking_url": "https://track.example/" + "x" * 500},
        {"carrier": "a\x00b"},
    ],
)
def test_tracking_that_can_not_be_kept_is_refused_and_changes_nothing(order, tracking):
    before = snapshot(order)

    with pytest.raises(InvalidTracking):
        services.ship(order_id=order.pk, actor=None, **tracking)

    assert snapshot(order) == before


def test_a_receiver_that_fails_takes_the_whole_step_back(order):
    def fail(sender, **kwargs):
        raise RuntimeError

    before = snapshot(order)
    signals.order_shipped.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            services.ship(order_id=order.pk, actor=None)
    finally:
        signals.order_shipped.disconnect(fail)

    assert snapshot(order) == before


def test_the_audit_finds_a_parcel_that_differs_from_its_order(order):
    services.pack(order_id=order.pk, actor=None)
    Shipment.unscoped.update(state="shipped")

    assert [found.invariant for found in audit() if found.invariant.startswith("shipping.")] == [
        "shipping.shipment_matches_order"
    ]
