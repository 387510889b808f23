"""Parts of the order's page that other apps bring."""

import pytest
from django.template import engines

from apps.catalog.tests.factories import make_variant
from apps.orders import extensions, services
from apps.orders.extensions import OrderSection
from apps.orders.models import Order
from apps.orders.tests.providers import registered
from apps.orders.tests.shopper import swap

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(shopper):
    shopper.add(make_variant(title="Fjord mug").sku)
    shopper.place()
    return Order.unscoped.get()


@pytest.fixture
def written(monkeypatch):
    """Two sections, the second of which only speaks of paid orders."""
    sources = {
        "first.html": "<h2>Papers of {{ order.number }}</h2><p>{{ word }}</p>",
        "second.html": "{% if order.paid_at %}<h2>Paid</h2>{% endif %}\n",
    }
    monkeypatch.setattr(
        extensions,
        "render_to_string",
        lambda name, context: engines["django"].from_string(sources[name]).render(context),
    )
    sections = [
        OrderSection("first.html", lambda order: {"word": "<b>€</b>"}),
        OrderSection("second.html", lambda order: {}),
    ]
    with registered(sections=sections):
        yield


@pytest.mark.usefixtures("written")
def test_sections_stand_on_the_page_of_the_order(shopper, order):
    page = shopper.get(f"/orders/{order.ref}/").content.decode()

    assert f'<div id="order-sections" class="stack"><h2>Papers of {order.number}</h2>' in page
    assert "&lt;b&gt;€&lt;/b&gt;" in page
    assert "<h2>Paid</h2>" not in page
    assert len(extensions.order_sections(order)) == 1


@pytest.mark.usefixtures("written")
def test_sections_follow_the_live_status(shopper, order):
    seen = f"/orders/{order.ref}/status/?seen={order.version}"
    services.record_payment(order_id=order.pk, amount=order.total, currency=order.currency, payment_ref="paid-1")

    fragment = shopper.get(seen, headers=swap("order-status")).content.decode()

    assert '<div id="order-sections" class="stack" hx-swap-oob="true">' in fragment
    assert "<h2>Paid</h2>" in fragment
    assert "<html" not in fragment


def test_without_sections_nothing_is_said(shopper, order):
    with registered(sections=[]):
        page = shopper.get(f"/orders/{order.ref}/").content.decode()

    assert '<div id="order-sections" class="stack" hidden></div>' in page
