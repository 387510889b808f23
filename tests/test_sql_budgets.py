"""What a guest costs the database, with the real test bank, delivery rates and the cache of production.

The same for 1 and for 24 rows. The statements that begin and end a transaction count too.
"""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.catalog.tests.factories import make_category, make_image, make_variant, published_together
from apps.orders.models import Order
from apps.pages import shop
from apps.pricing.models import Redemption
from apps.pricing.tests.factories import make_discount
from apps.shipping import arrival
from config.settings.sources import cache_config
from tests.support.buyer import ADDRESS, field_value, first_choice

pytestmark = pytest.mark.one_database("sqlite")

COLD = {"home": 2, "list": 2, "category": 2, "search": 2, "results": 2, "product": 3}
WITH_CART = 2
CLOCK = "SELECT number, (SELECT stamp FROM pages_shop WHERE id = 1) FROM pages_pageclock WHERE id = 1"
BUDGETS = {"cart": 3, "add": 5, "quote": 5, "place": 20}
# Automatic, a code, and a limit for each customer on both.
WITH_TWO_DISCOUNTS = {"cart": 4, "add": 5, "quote": 8, "place": 27}


@pytest.fixture
def category(db, monkeypatch, settings):
    settings.CACHES = {"default": cache_config("dbcache://stoa_cache")}
    call_command("createcachetable", verbosity=0)
    # What a process asks for again each minute must not fall into the middle of a count.
    monkeypatch.setattr(shop, "RECENT_SECONDS", 3600.0)
    monkeypatch.setattr(arrival, "KNOWN_SECONDS", 3600.0)
    call_command("seed", products=0, orders=0, verbosity=0)
    return make_category(name="Tableware", slug="tableware")


def make_variants(category, number):
    with published_together():
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
def test_pages_of_the_catalogue_stay_within_their_budget(category, rows):
    variants = make_variants(category, rows)
    client = guest_with_cart(variants[:1])
    pages = {
        "home": "/",
        "list": "/products/",
        "category": category.get_absolute_url(),
        "search": "/products/?q=mug",
        "results": "/products/?available=1&price-max=50",
        "product": variants[0].product.get_absolute_url(),
    }
    for page, url in pages.items():
        swap = {"HX-Request": "true", "HX-Target": "results"} if page == "results" else {}
        Client().get(f"/de{url}", headers=swap)  # what a process learns once
        cold, sql = statements(lambda url=url, swap=swap: Client().get(url, headers=swap))
        assert cold.status_code == 200
        assert len(sql) <= COLD[page], sql
        if page != "search":  # searches are not kept
            _, sql = statements(lambda url=url, swap=swap: Client().get(url, headers=swap))
            assert sql == [CLOCK]
            _, sql = statements(lambda url=url, swap=swap: client.get(url, headers=swap))
            assert len(sql) <= WITH_CART, sql


def costs_of_buying(variants):
    """How many statements each step takes, from the cart to the order; the statements of one that is over."""
    client = guest_with_cart(variants)
    form = checkout_form(client)
    steps = {
        "cart": lambda: client.get("/cart/"),
        "quote": lambda: client.post("/checkout/", {**form, "action": "update"}),
        "place": lambda: client.post("/checkout/", form),
        "add": lambda: client.post("/cart/lines/", {"sku": variants[0].sku, "quantity": "1"}),
    }
    found = {}
    for step, act in steps.items():
        response, sql = statements(act)
        assert response.status_code == {"cart": 200, "quote": 200}.get(step, 303)
        found[step] = sql
    return found


def test_a_cart_and_its_order_stay_within_their_budget_and_cost_the_same_for_1_and_24_lines(category):
    variants = make_variants(category, 24)
    costs_of_buying(variants[:1])  # what a process learns once
    few, many = costs_of_buying(variants[:3]), costs_of_buying(variants)
    for step, sql in few.items():
        assert len(sql) <= BUDGETS[step], sql
    one = costs_of_buying(variants[:1])
    assert {step: len(sql) for step, sql in one.items()} == {step: len(sql) for step, sql in many.items()}


@pytest.mark.parametrize("rows", [3, 24])
def test_two_discounts_cost_little_more(category, rows):
    variants = make_variants(category, rows)
    costs_of_buying(variants[:1])
    make_discount(name="Automatic", per_customer_limit=3)
    make_discount(name="By code", code="FIVER", kind="amount", value=100, per_customer_limit=3)
    client = guest_with_cart(variants)
    assert client.post("/cart/codes/", {"code": "FIVER"}).status_code == 303
    form = checkout_form(client)

    _, cart = statements(lambda: client.get("/cart/"))
    _, quote = statements(lambda: client.post("/checkout/", {**form, "action": "update"}))
    placed, place = statements(lambda: client.post("/checkout/", form))

    assert placed.status_code == 303
    assert Redemption.objects.count() == 2
    for step, sql in {"cart": cart, "quote": quote, "place": place}.items():
        assert len(sql) <= WITH_TWO_DISCOUNTS[step], sql


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("swap", [{}, {"HX-Request": "true", "HX-Target": "cart-panel"}])
def test_putting_into_a_cart_costs_the_same_for_a_first_a_new_and_a_known_article(category, number, swap):
    """With the whole cart as the answer no more than with the way there: it was read to see what was added."""
    first, *others = make_variants(category, number)
    guest_with_cart([first])
    client, costs = Client(), []
    for variant in (first, *others, first):
        response, sql = statements(
            lambda variant=variant: client.post("/cart/lines/", {"sku": variant.sku, "quantity": "1"}, headers=swap)
        )
        assert response.status_code == (200 if swap else 303)
        costs.append(len(sql))
    assert set(costs) == {BUDGETS["add"]}


def test_the_same_order_again_costs_three_looks(category):
    client = guest_with_cart(make_variants(category, 3))
    form = checkout_form(client)
    client.post("/checkout/", form)

    again, sql = statements(lambda: client.post("/checkout/", form))

    assert (again.status_code, Order.unscoped.count()) == (303, 1)
    assert len(sql) <= 4, sql
