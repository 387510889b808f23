"""What a refund leaves in the timeline of its order."""

import pytest

from apps.orders import services
from apps.orders.models import Order, OrderEvent
from apps.orders.services import returns
from apps.orders.tests.factories import make_order
from apps.payments.tests.test_invoicing import make_refund
from apps.users.tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_user(email="clerk@example.com", is_staff=True)


@pytest.fixture
def order():
    """A paid one with two refunds that its timeline does not know yet."""
    order = make_order(paid=True)
    for ref in ("r-1", "r-2"):
        make_refund(order, 500, ref=ref)
    return order


def last(order, count):
    """The newest events, oldest first."""
    newest = OrderEvent.unscoped.filter(order=order).order_by("-pk")[:count]
    return [(each.kind, each.data, each.text, each.actor, each.public) for each in reversed(newest)]


def test_a_refund_is_begun_done_and_comes_back(order, clerk):
    told = {"refund_ref": "r-1", "amount": 500}

    returns.record_refund_started(order_id=order.pk, **told, currency="EUR", actor=clerk)
    services.record_refund(order_id=order.pk, **told, refunded_total=500, actor=clerk)
    services.record_refund(order_id=order.pk, **{**told, "refund_ref": "r-2"}, refunded_total=1000, currency="USD")
    services.record_refund_failure(order_id=order.pk, **told, refunded_total=500)
    services.record_refund_failure(order_id=order.pk, **told, refunded_total=500)
    services.record_refund_failure(order_id=order.pk, **{**told, "refund_ref": "r-2"}, refunded_total=0, currency="USD")

    failed, data = "A refund failed at the payment provider.", {**told, "currency": "EUR"}
    other = {**data, "refund_ref": "r-2", "currency": "USD"}
    assert last(order, 7) == [
        ("refund_started", data, "", clerk, True),
        ("refunded", data, "", clerk, True),
        ("refunded", other, "", None, True),
        ("refund_failed", data, "", None, False),
        ("attention", {"refund_ref": "r-1"}, failed, None, False),
        ("refund_failed", other, "", None, False),
        ("attention", {"refund_ref": "r-2"}, failed, None, False),
    ]
    now = Order.unscoped.get(pk=order.pk)
    assert (now.attention, now.refund_state) == (failed, "none")


@pytest.mark.parametrize(
    ("refunded", "state"), [(1, "partial"), (-1, "partial"), (0, "full")], ids=["little", "all but a cent", "all"]
)
def test_an_order_is_refunded_when_all_of_it_went_back(order, refunded, state):
    total = refunded if refunded > 0 else order.total + refunded

    services.record_refund(order_id=order.pk, refund_ref="r-1", amount=total, refunded_total=total)

    assert Order.unscoped.get(pk=order.pk).refund_state == state
