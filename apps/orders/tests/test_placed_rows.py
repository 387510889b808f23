"""What a placed order keeps, column by column, and what a basket is quoted where little is said."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from apps.catalog.models import Variant
from apps.catalog.tests.factories import make_image, make_variant
from apps.orders import selectors, services
from apps.orders.models import Order, OrderEvent, OrderLine
from apps.orders.tests.factories import ADDRESS, make_cart, make_details
from apps.pricing.explanation import explain
from apps.pricing.models import Redemption, TaxRate
from apps.pricing.tests.factories import make_discount

pytestmark = pytest.mark.django_db

HIS = {**ADDRESS, "name": "Charles Babbage", "region": "BE"}
OURS = {"id", "ref", "number", "placed_at"}  # made anew for each order


def columns(row, *but):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name not in but}


def test_an_order_and_its_line(owner, settings):
    settings.PRICES_INCLUDE_TAX = False
    settings.STOCK_HOLD_SECONDS = 600
    mug = make_variant(sku="MUG-1", price=1999, title="Fjord mug", options={"Colour": "Moss"})
    make_image(product=mug.product)
    mug = Variant.objects.get()
    discount = make_discount(name="Ten", code="TEN")
    make_cart(owner=owner, lines={mug: 2})
    services.add_code(owner=owner, text="ten")
    offer = services.quote_basket(selectors.basket(owner), country="DE", region="BE", postal_code="10115")
    details = make_details(
        email=" Ada@Example.com", note="Ring twice", language="de", shipping_address=HIS, billing_address=ADDRESS
    )

    token = offer.basket.token
    made = services.place_order(owner=owner, token=token, details=details, shown_total=4865, offer=offer)

    order = Order.unscoped.get()
    assert timedelta(0) < timezone.now() + timedelta(minutes=10) - order.hold_expires_at < timedelta(seconds=30)
    assert columns(order, "hold_expires_at", *OURS) == {
        "user_id": None,
        "guest_key": owner.guest_key,
        "checkout_token": token,
        "status": "awaiting_payment",
        "payment_state": "awaiting",
        "fulfilment_state": "unfulfilled",
        "refund_state": "none",
        "closure": "none",
        "version": 1,
        "attention": "",
        "email": "ada@example.com",
        "language": "de",
        "note": "Ring twice",
        "shipping_address": HIS,
        "billing_address": ADDRESS,
        "shipping_method": "standard",
        "shipping_label": "Standard",
        "payment_method": "paper",
        "currency": "EUR",
        "prices_include_tax": False,
        "subtotal": 3998,
        "discount_total": 400,
        "shipping_total": 490,
        "tax_total": 777,
        "tax_added": 777,
        "total": 4865,
        "tax_lines": [{"rate": 190_000, "taxable": 4088, "tax": 777}],
        "discounts": [{"id": discount.pk, "code": "TEN", "name": "Ten", "amount": 400, "delivery": 0}],
        "explanation": explain(offer.quote),
        "paid_at": None,
    }
    line = OrderLine.unscoped.get()
    assert columns(line, "id") == {
        "order_id": made.pk,
        "variant_id": mug.pk,
        "sku": "MUG-1",
        "title": "Fjord mug",
        "option_text": "Moss",
        "cover": mug.summary["cover"],
        "quantity": 2,
        "released": 0,
        "unit_price": 1999,
        "discount": 400,
        "amount": 3998,
        "tax_class": "standard",
        "tax_rate": 190_000,
        "tax": 684,
    }
    event = OrderEvent.unscoped.get()
    assert (event.kind, event.data, event.text, event.actor, event.public) == ("placed", {}, "", None, True)
    used = Redemption.objects.get()
    assert (used.discount, used.order_ref, used.amount) == (discount, order.ref, 400)


def test_what_is_known_of_a_place_is_asked_and_what_is_not_is_empty(owner):
    make_cart(owner=owner, lines={make_variant(price=1999, weight_grams=300): 2})
    basket = selectors.basket(owner)

    bare = services.quote_basket(basket, country="DE")
    whole = services.quote_basket(
        basket, country="AT", region="9", postal_code="1010", shipping_method="express", email="ada@example.com"
    )

    def asked(offer):
        request = offer.request
        return request.country, request.region, request.postal_code, request.weight_grams, request.goods.amount

    assert (asked(bare), bare.chosen.code, bare.quote.total.amount) == (("DE", "", "", 600, 3998), "standard", 4488)
    assert (asked(whole), whole.chosen.code, whole.quote.total.amount) == (
        ("AT", "9", "1010", 600, 3998),
        "express",
        4988,
    )
    assert [rate.code for rate in bare.rates] == ["standard", "express"]


def test_a_region_pays_its_own_tax(owner):
    TaxRate.objects.create(country="US", region="CA", tax_class="standard", rate=72_500, valid_from=date(2026, 1, 1))
    make_cart(owner=owner, lines={make_variant(price=1999): 1})
    basket = selectors.basket(owner)

    rates = {
        region: [(line.rate, line.tax.amount) for line in quote.tax_lines]
        for region in ("CA", "NY")
        for quote in [services.quote_basket(basket, country="US", region=region).quote]
    }

    assert rates == {"CA": [(72_500, 135)], "NY": []}


def test_another_delivery_than_there_is_means_the_first_and_none_means_none(owner):
    make_cart(owner=owner)
    basket = selectors.basket(owner)

    assert services.quote_basket(basket, country="DE", shipping_method="balloon").chosen.code == "standard"
    nowhere = services.quote_basket(basket, country="US")
    assert (nowhere.rates, nowhere.chosen, nowhere.quote.shipping.amount) == ([], None, 0)


def test_an_empty_basket_is_delivered_nowhere(owner):
    offer = services.quote_basket(selectors.basket(owner), country="DE")
    assert (offer.rates, offer.chosen, offer.quote.total.amount) == ([], None, 0)
