"""What a guest costs the database, with the real test bank and delivery rates. The same for 1 and for 24 rows."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.catalog.tests.factories import make_category, make_image, make_variant
from tests.support.buyer import ADDRESS, field_value, first_choice

BUDGETS = {"list": 4, "category": 4, "product": 5, "cart": 5, "add": 8, "place": 30}


@pytest.fixture
def category(db):
    call_command("seed", products=0, orders=0, verbosity=0)
    return make_category(name="Tableware", slug="tableware")


def make_variants(category, number):
    variants = [
        make_variant(title=f"Mug {index}", sku=f"MUG-{index}", on_hand=100, product_fields={"category": category})
        for index in range(number)
    ]
    for variant in variants:
        make_image(product=variant.product)
    return variants


def statements(act):
    with CaptureQueriesContext(connection) as captured:
        response = act()
    return response, [query["sql"] for query in captured]


def guest_with_cart(variants):
    client = Client()
    for variant in variants:
        assert client.post("/cart/lines/", {"sku": variant.sku, "quantity": "1"}).status_code == 303
    return client


def checkout_form(client):
    form = dict(ADDRESS)
    page = client.post("/checkout/", {**form, "action": "update"}).content.decode()
    form |= {name: field_value(page, name) for name in ("checkout_token", "shown_total")}
    form |= {name: first_choice(page, name) for name in ("shipping_method", "payment_method")}
    return form


@pytest.mark.parametrize("rows", [1, 24])
@pytest.mark.parametrize("has_cart", [False, True])
def test_pages_of_the_catalogue_stay_within_their_budget(category, rows, has_cart):
    variants = make_variants(category, rows)
    client = guest_with_cart(variants[:1]) if has_cart else Client()
    pages = {
        "list": "/products/",
        "category": category.get_absolute_url(),
        "product": variants[0].product.get_absolute_url(),
    }
    for page, url in pages.items():
        client.get(url)  # what a process learns once
        response, sql = statements(lambda url=url: client.get(url))
        assert response.status_code == 200
        assert len(sql) <= BUDGETS[page], sql


def test_a_list_costs_the_same_for_one_and_for_24_products(category):
    make_variants(category, 1)
    Client().get("/products/")
    one = len(statements(lambda: Client().get("/products/"))[1])
    for number in range(23):
        make_variant(title=f"Bowl {number}", sku=f"BOWL-{number}")
    assert len(statements(lambda: Client().get("/products/"))[1]) == one


@pytest.mark.parametrize("rows", [1, 24])
def test_a_cart_and_its_order_stay_within_their_budget(category, rows):
    variants = make_variants(category, rows)
    client = guest_with_cart(variants)

    _, cart = statements(lambda: client.get("/cart/"))
    added, add = statements(lambda: client.post("/cart/lines/", {"sku": variants[0].sku, "quantity": "1"}))
    form = checkout_form(client)
    placed, place = statements(lambda: client.post("/checkout/", form))

    assert (added.status_code, placed.status_code) == (303, 303)
    assert len(cart) <= BUDGETS["cart"], cart
    assert len(add) <= BUDGETS["add"], add
    assert len(place) <= BUDGETS["place"], place


def test_placing_costs_the_same_for_one_and_for_24_lines(category):
    costs = set()
    variants = make_variants(category, 24)
    for number in (1, 24):
        client = guest_with_cart(variants[:number])
        form = checkout_form(client)
        costs.add(len(statements(lambda client=client, form=form: client.post("/checkout/", form))[1]))
    assert len(costs) == 1
