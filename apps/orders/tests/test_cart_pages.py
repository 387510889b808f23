import pytest
from django.conf import settings
from django.urls import reverse

from apps.catalog.tests.factories import make_variant, published_together
from apps.orders.models import Cart, CartLine
from apps.orders.tests.shopper import swap

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

CART = "/cart/"


def html(response):
    return response.content.decode()


def test_a_visitor_sees_an_empty_cart_without_being_remembered(shopper):
    response = shopper.get(CART)
    assert response.status_code == 200
    assert "Your cart is empty" in html(response)
    assert settings.GUEST_COOKIE_NAME not in response.cookies
    assert response["Cache-Control"] == "private, no-store"
    assert 'name="robots" content="noindex"' in html(response)


def test_adding_leads_to_the_cart_and_remembers_the_guest(shopper):
    variant = make_variant(title="Fjord mug", price=1999)
    response = shopper.add(variant.sku, 2)
    assert (response.status_code, response["Location"]) == (303, CART)
    cookie = response.cookies[settings.GUEST_COOKIE_NAME]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    page = html(shopper.get(CART))
    assert "Fjord mug" in page
    assert 'data-testid="cart-total">€39.98<' in page
    assert 'data-testid="cart-count" data-count="2"' in page


def test_a_swap_gets_the_panel_and_the_count_beside_it(shopper):
    response = shopper.add(make_variant(title="Fjord mug").sku, 2, headers=swap("cart-panel"))
    assert response.status_code == 200
    assert "<html" not in html(response)
    assert "Fjord mug" in html(response)
    assert 'data-count="2" hx-swap-oob="true"' in html(response)
    assert {"HX-Request", "HX-Target"} <= {name.strip() for name in response["Vary"].split(",")}


def test_the_drawer_loads_the_same_panel(shopper):
    shopper.add(make_variant(title="Fjord mug").sku)
    response = shopper.get(CART, headers=swap("cart-panel"))
    assert "<html" not in html(response)
    assert 'data-testid="cart-line"' in html(response)


def test_a_strange_target_gets_the_page(shopper):
    assert "<html" in html(shopper.get(CART, headers=swap("base")))


@pytest.mark.parametrize("quantity", ["0", "-1", "1.5", "1000000000", "٣", "", "NaN", "1\x00"])
def test_a_strange_quantity_is_422_and_nothing_is_stored(shopper, quantity):
    variant = make_variant()
    for headers in ({}, swap("cart-panel")):
        response = shopper.add(variant.sku, quantity, headers=headers)
        assert response.status_code == 422
        assert "Enter a whole number from 1 to 999." in html(response)
    assert Cart.unscoped.count() == 0


@pytest.mark.parametrize("sku", ["unknown", "", "a\x00b", "x" * 5000, "../etc", "'--"])
def test_an_unknown_article_is_404(shopper, sku):
    assert shopper.add(sku).status_code == 404
    assert Cart.unscoped.count() == 0


def test_a_posted_price_is_ignored(shopper):
    variant = make_variant(price=1999)
    shopper.post(reverse("orders:cart-add"), {"sku": variant.sku, "quantity": 1, "price": "1", "unit_price": "1"})
    assert "€19.99" in html(shopper.get(CART))


def test_what_is_sold_out_is_409(shopper):
    variant = make_variant(on_hand=0)
    for headers in ({}, swap("cart-panel")):
        response = shopper.add(variant.sku, headers=headers)
        assert response.status_code == 409
        assert 'data-testid="sold-out"' in html(response)
    assert CartLine.unscoped.count() == 0


def test_a_line_is_changed_and_removed(shopper):
    variant = make_variant(price=1000)
    shopper.add(variant.sku)
    response = shopper.set_line(variant.sku, 3, headers=swap("cart-panel"))
    assert 'data-testid="cart-total">€30.00<' in html(response)
    assert shopper.set_line(variant.sku, 0).status_code == 303
    assert "Your cart is empty" in html(shopper.get(CART))


@pytest.mark.parametrize("quantity", ["-1", "1.5", "1000", "٣"])
def test_a_strange_quantity_leaves_the_line_as_it_is(shopper, quantity):
    variant = make_variant()
    shopper.add(variant.sku, 2)
    assert shopper.set_line(variant.sku, quantity).status_code == 422
    assert CartLine.unscoped.get().quantity == 2


def test_a_change_without_a_quantity_is_a_bad_request(shopper):
    variant = make_variant()
    shopper.add(variant.sku, 2)
    assert shopper.post(reverse("orders:cart-line", args=[variant.sku])).status_code == 400


def test_another_visitor_can_not_change_the_line(shopper, stranger, client):
    variant = make_variant()
    shopper.add(variant.sku, 2)
    for somebody in (stranger, client):
        for headers in ({}, swap("cart-panel")):
            url = reverse("orders:cart-line", args=[variant.sku])
            assert somebody.post(url, {"quantity": 0}, headers=headers).status_code == 404
    assert CartLine.unscoped.get(variant=variant).quantity == 2


def test_a_line_with_a_problem_says_so(shopper):
    variant = make_variant(on_hand=2)
    shopper.add(variant.sku, 5)
    page = html(shopper.get(CART))
    assert "Only 2 left" in page
    assert 'data-testid="sold-out"' in page


def test_forms_answer_only_posts(client):
    assert client.get("/cart/lines/").status_code == 405
    assert client.get("/cart/lines/SKU-1/").status_code == 405


def test_the_cart_costs_the_same_for_1_and_for_24_lines(shopper, django_assert_max_num_queries):
    shopper.add(make_variant().sku)
    with django_assert_max_num_queries(5) as one:
        shopper.get(CART)
    with published_together():
        variants = [make_variant() for _ in range(23)]
    for variant in variants:
        shopper.add(variant.sku)
    with django_assert_max_num_queries(5) as many:
        page = shopper.get(CART)
    assert html(page).count('data-testid="cart-line"') == 24
    assert len(one) == len(many)


def test_adding_costs_at_most_eight_statements(shopper, django_assert_max_num_queries):
    first, second = make_variant(), make_variant()
    for variant in (first, second, second):
        with django_assert_max_num_queries(8):
            shopper.add(variant.sku, headers=swap("cart-panel"))
    with django_assert_max_num_queries(8):
        shopper.add(first.sku)


def test_the_cart_speaks_german(shopper):
    assert shopper.get("/de/cart/").status_code == 200
