import uuid
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.catalog.errors import SoldOut
from apps.catalog.models import Stock
from apps.catalog.tests.factories import make_variant
from apps.core.ownership import Owner
from apps.orders import selectors, services, signals
from apps.orders.errors import (
    ArticleGone,
    EmptyCart,
    NoDelivery,
    PaymentMethodGone,
    PaymentNotSetUp,
    PriceChanged,
)
from apps.orders.models import Cart, Order, OrderEvent, OrderLine
from apps.orders.models.order import OrderStatus
from apps.orders.tests.factories import ADDRESS, make_cart, make_details, make_guest, shown_total
from apps.orders.tests.providers import FlatRates, registered

pytestmark = pytest.mark.django_db


def place(owner, *, token=None, total=None, **details):
    return services.place_order(
        owner=owner,
        token=token or selectors.basket(owner).token,
        details=make_details(**details),
        shown_total=shown_total(owner) if total is None else total,
    )


def assert_nothing_happened(variant, *, reserved=0):
    assert Order.unscoped.count() == 0
    assert OrderLine.unscoped.count() == 0
    assert Cart.unscoped.get().state == Cart.State.OPEN
    assert Stock.objects.get(variant=variant).reserved == reserved


def test_an_order_keeps_names_prices_tax_and_addresses(owner, paper):
    mug = make_variant(price=1999, title="Fjord mug", options={"Colour": "Moss"}, sku="MUG-1")
    book = make_variant(price=1000, title="Book", product_fields={"tax_class": "reduced"})
    make_cart(owner=owner, lines={mug: 2, book: 1})
    order = place(owner, email=" Ada@Example.com ", note="Please ring", language="de")

    order.refresh_from_db()
    assert order.status == OrderStatus.AWAITING_PAYMENT
    assert (order.subtotal, order.shipping_total, order.total) == (4998, 490, 5488)
    assert (order.tax_total, order.tax_added, order.currency) == (638 + 65 + 78, 0, "EUR")
    assert order.tax_lines == [
        {"rate": 190_000, "taxable": 3772, "tax": 716},
        {"rate": 70_000, "taxable": 935, "tax": 65},
    ]
    assert (order.email, order.language, order.note) == ("ada@example.com", "de", "Please ring")
    assert order.shipping_address == order.billing_address == ADDRESS
    assert (order.shipping_method, order.shipping_label) == ("standard", "Standard")
    assert order.guest_key == owner.guest_key
    first = order.lines.get(sku="MUG-1")
    assert (first.title, first.option_text, first.quantity) == ("Fjord mug", "Moss", 2)
    assert (first.unit_price, first.amount, first.tax_rate, first.tax) == (1999, 3998, 190_000, 638)
    assert 1790 < (order.hold_expires_at - timezone.now()).total_seconds() <= 1800
    assert [event.kind for event in order.events.all()] == ["placed"]
    assert paper.prepared == [order.pk]


class AskedRates(FlatRates):
    """Remembers for which places it was asked."""

    def __init__(self):
        self.places = []

    def rates(self, request):
        self.places.append((request.country, request.region, request.postal_code))
        return super().rates(request)


def test_delivery_is_asked_for_the_place_of_the_address_and_what_it_lacks_is_empty(owner):
    make_cart(owner=owner)
    asked = AskedRates()
    whole = {**ADDRESS, "region": "BE"}
    bare = {name: whole[name] for name in ("name", "line1", "city", "country")}

    with registered(rates=[asked]):
        for address in (whole, bare):
            with pytest.raises(PriceChanged):
                place(owner, shipping_address=address, total=1)

    assert asked.places == [("DE", "BE", "10115"), ("DE", "", "")]


def test_placing_holds_the_pieces_and_closes_the_cart(owner):
    variant = make_variant(on_hand=5)
    make_cart(owner=owner, lines={variant: 2})
    place(owner)
    stock = Stock.objects.get(variant=variant)
    assert (stock.on_hand, stock.reserved) == (5, 2)
    assert Cart.unscoped.get().state == Cart.State.ORDERED
    assert selectors.basket(owner).lines == ()


def test_a_repeated_token_returns_the_same_order(owner, paper):
    variant = make_variant()
    make_cart(owner=owner, lines={variant: 1})
    token, total = selectors.basket(owner).token, shown_total(owner)
    first = place(owner, token=token, total=total)
    second = place(owner, token=token, total=total)
    assert first == second
    assert Order.unscoped.count() == 1
    assert Stock.objects.get(variant=variant).reserved == 1
    assert paper.prepared == [first.pk]


def test_the_token_of_another_is_an_empty_cart(owner):
    variant = make_variant()
    make_cart(owner=owner, lines={variant: 1})
    token = selectors.basket(owner).token
    stranger = make_cart()
    for somebody in (make_guest(), Owner(), stranger):
        with pytest.raises(EmptyCart):
            services.place_order(owner=somebody, token=token, details=make_details(), shown_total=2489)
    with pytest.raises(EmptyCart):
        place(owner, token=uuid.uuid4(), total=2489)
    assert Order.unscoped.count() == 0


def test_an_empty_cart_can_not_be_ordered(owner):
    variant = make_variant()
    make_cart(owner=owner, lines={variant: 1})
    token = selectors.basket(owner).token
    services.set_quantity(owner=owner, sku=variant.sku, quantity=0)
    with pytest.raises(EmptyCart):
        place(owner, token=token, total=0)
    assert_nothing_happened(variant)


def test_a_changed_price_asks_again(owner):
    variant = make_variant(price=1000)
    make_cart(owner=owner, lines={variant: 1})
    total = shown_total(owner)
    variant.price = 1200
    variant.save()
    with pytest.raises(PriceChanged):
        place(owner, total=total)
    assert_nothing_happened(variant)
    assert place(owner, total=total + 200).total == total + 200


def test_another_delivery_than_the_shown_one_asks_again(owner):
    variant = make_variant()
    make_cart(owner=owner, lines={variant: 1})
    with pytest.raises(PriceChanged):
        place(owner, shipping_method="teleport")
    assert_nothing_happened(variant)


def test_a_country_without_delivery_is_refused(owner):
    variant = make_variant()
    make_cart(owner=owner, lines={variant: 1})
    with pytest.raises(NoDelivery):
        place(owner, shipping_address={**ADDRESS, "country": "JP"})
    assert_nothing_happened(variant)


def test_the_destination_decides_delivery_and_tax(owner):
    make_cart(owner=owner, lines={make_variant(price=10000): 1})
    swiss = {**ADDRESS, "country": "CH", "postal_code": "8001"}
    order = place(owner, shipping_address=swiss, total=11490)
    assert (order.shipping_total, order.tax_lines[0]["rate"]) == (1490, 81_000)


def test_an_archived_article_is_named(owner):
    variant = make_variant(title="Fjord mug")
    make_cart(owner=owner, lines={variant: 1})
    variant.product.status = "archived"
    variant.product.save()
    with pytest.raises(ArticleGone, match="Fjord mug"):
        place(owner)
    assert_nothing_happened(variant)


def test_what_is_sold_out_leaves_no_trace_of_an_order(owner, paper):
    plenty, scarce = make_variant(), make_variant(on_hand=2)
    make_cart(owner=owner, lines={plenty: 1, scarce: 3})
    with pytest.raises(SoldOut) as refusal:
        place(owner)
    assert [(item.sku, item.wanted, item.available) for item in refusal.value.items] == [(scarce.sku, 3, 2)]
    assert_nothing_happened(scarce)
    assert_nothing_happened(plenty)


def test_the_last_piece_is_sold_once():
    variant = make_variant(on_hand=1)
    first, second = make_cart(lines={variant: 1}), make_cart(lines={variant: 1})
    place(first)
    with pytest.raises(SoldOut):
        place(second)
    assert Order.unscoped.count() == 1
    assert Stock.objects.get(variant=variant).reserved == 1


def test_without_a_way_to_pay_nothing_is_ordered(owner):
    variant = make_variant()
    make_cart(owner=owner, lines={variant: 1})
    with registered(methods=[]), pytest.raises(PaymentNotSetUp):
        place(owner)
    assert_nothing_happened(variant)


def test_a_way_to_pay_that_is_not_offered_is_refused(owner, paper):
    variant = make_variant()
    make_cart(owner=owner, lines={variant: 1})
    with pytest.raises(PaymentMethodGone):
        place(owner, payment_method="cash")
    paper.offered = False
    with pytest.raises(PaymentMethodGone):
        place(owner)
    assert_nothing_happened(variant)


def test_a_failing_receiver_takes_the_whole_order_back(owner):
    variant = make_variant()
    make_cart(owner=owner, lines={variant: 1})

    def fail(**kwargs):
        raise RuntimeError

    signals.order_placed.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            place(owner)
    finally:
        signals.order_placed.disconnect(fail)
    assert_nothing_happened(variant)


def test_what_costs_nothing_is_paid_at_once(owner, paper):
    from apps.orders import extensions

    make_cart(owner=owner, lines={make_variant(price=0): 1})
    rates = extensions._shipping_rates[0]
    free = [replace(rate, price=rate.price * 0) for rate in rates.rates(_request())]

    class FreeRates:
        def rates(self, request):
            return free

    with registered(rates=[FreeRates()]):
        order = place(owner, total=0)
    order.refresh_from_db()
    assert (order.status, order.total, order.payment_method) == (OrderStatus.PAID, 0, "")
    assert paper.prepared == []


def _request():
    from apps.core.money import Money
    from apps.orders.extensions import RateRequest

    return RateRequest("DE", "", "10115", 400, Money(0, "EUR"))


def test_facts_carry_the_order_and_its_event(owner):
    make_cart(owner=owner)
    heard = []

    def listen(sender, order_id, event_id, **kwargs):
        heard.append((order_id, event_id))

    signals.order_placed.connect(listen)
    try:
        order = place(owner)
    finally:
        signals.order_placed.disconnect(listen)
    assert heard == [(order.pk, OrderEvent.unscoped.get().pk)]


def test_placing_costs_the_same_for_1_and_for_24_lines():
    counts = []
    for lines in (1, 24):
        owner = make_cart(lines={make_variant(): 1 for _ in range(lines)})
        token, total = selectors.basket(owner).token, shown_total(owner)
        details = make_details()
        with CaptureQueriesContext(connection) as captured:
            services.place_order(owner=owner, token=token, details=details, shown_total=total)
        counts.append(len(captured))
    assert counts == [counts[0], counts[0]]
    assert counts[0] <= 24
