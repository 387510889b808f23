"""200 buyers at one address press the button at the same moment; 50 pieces are there."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest

from apps.core.ownership import hash_key
from tests.support.buyer import ADDRESS, Buyer, field_value, first_choice
from tests.support.databases import fresh_database, query
from tests.support.server import ShopServer

pytestmark = [pytest.mark.race, pytest.mark.servers]

BUYERS, PIECES = 200, 50

# One product for each test, because a server serves them all.
RUSH, ONE_TOKEN, TWO_TABS = "FLASH-1", "FLASH-2", "FLASH-3"
PRODUCTS = f"""
from apps.catalog.tests.factories import make_variant
for sku in ["{RUSH}", "{ONE_TOKEN}", "{TWO_TABS}"]:
    make_variant(sku=sku, title=f"Sale {{sku}}", product_fields={{"slug": sku.lower()}}, price=1900, on_hand={PIECES})
"""
DROP_CHECK = """
from django.db import connection
from apps.catalog.models import Stock
check = next(c for c in Stock._meta.constraints if c.name == "catalog_stock_never_oversold")
Stock._meta.constraints.remove(check)  # SQLite rebuilds the table from what the model says
with connection.schema_editor() as editor:
    editor.remove_constraint(Stock, check)
"""


def count(shop, sku):
    [(orders,)] = query(shop.database_url, f"SELECT count(DISTINCT order_id) FROM orders_orderline WHERE sku = '{sku}'")
    [(reserved, on_hand)] = query(
        shop.database_url,
        "SELECT reserved, on_hand FROM catalog_stock s JOIN catalog_variant v ON v.id = s.variant_id "
        f"WHERE v.sku = '{sku}'",
    )
    return {"orders": orders, "reserved": reserved, "on_hand": on_hand}


def ready_buyers(shop, buyers, sku):
    """Guests with a cart and a filled form each. They share a CSRF token, as browsers behind one address may not."""
    first = Buyer(shop.url)
    token = field_value(first.get(f"/products/{sku.lower()}/").text, "csrfmiddlewaretoken")

    def fill_cart(_):
        buyer = Buyer(shop.url, {"csrftoken": first.cookies["csrftoken"]})
        added = buyer.post("/cart/lines/", {"csrfmiddlewaretoken": token, "sku": sku, "quantity": "1"})
        assert added.status == 303
        return buyer

    with ThreadPoolExecutor(8) as pool:
        ready = list(pool.map(fill_cart, range(buyers)))
    # The page says the same to all of them but for the cart's token.
    form = {**ADDRESS, "csrfmiddlewaretoken": token}
    page = ready[0].post("/checkout/", {**form, "action": "update"}).text
    form |= {name: first_choice(page, name) for name in ("shipping_method", "payment_method")}
    form["shown_total"] = field_value(page, "shown_total")
    tokens = dict(query(shop.database_url, "SELECT guest_key, checkout_token FROM orders_cart WHERE state = 'open'"))
    assert UUID(field_value(page, "checkout_token")) == UUID(str(tokens[key_of(ready[0])]))
    return [(buyer, {**form, "checkout_token": str(tokens[key_of(buyer)])}) for buyer in ready]


def key_of(buyer):
    return hash_key(buyer.cookies["stoa_guest"])


def rush(shop, buyers=BUYERS):
    """Every buyer fills the form; then all press the button together. Returns how often each status came."""
    ready = ready_buyers(shop, buyers, RUSH)
    gate = Barrier(buyers)

    def press(entry):
        buyer, form = entry
        gate.wait(timeout=60)
        return buyer.post("/checkout/", form)

    with ThreadPoolExecutor(buyers) as pool:
        answers = list(pool.map(press, ready))
    return Counter(answer.status for answer in answers), answers


def sale_on(kind, **settings):
    url = fresh_database(kind, "--products", "0", "--orders", "0", shell=PRODUCTS)
    return ShopServer(url, JOBS_IN_WEB="false", **settings)


@pytest.fixture(scope="module")
def sale(kind):
    """A started shop with three products of 50 pieces each."""
    with sale_on(kind) as shop:
        yield shop


def test_fifty_pieces_make_fifty_orders_and_150_polite_refusals(sale):
    statuses, answers = rush(sale)

    assert statuses == {303: PIECES, 409: BUYERS - PIECES}
    assert all('data-testid="sold-out"' in answer.text for answer in answers if answer.status == 409)
    assert count(sale, RUSH) == {"orders": PIECES, "reserved": PIECES, "on_hand": PIECES}
    assert sale.manage("audit", "--json").stdout.strip() == "[]"


NAIVE = "tests.races.naive_shop:application"


def test_control_without_both_guards_the_same_rush_oversells(kind, record_property, capsys):
    with sale_on(kind, application=NAIVE, workers=1, STOA_TEST_NAIVE="two-transactions") as sale:
        sale.manage("shell", "--no-imports", "-v0", "-c", DROP_CHECK)
        rush(sale, buyers=70)
        sold = count(sale, RUSH)["orders"]

    record_property("sold of 50", sold)
    with capsys.disabled():
        print(f" [control: {sold} sold of {PIECES}]", end="")
    assert sold > PIECES


def test_control_without_the_condition_the_check_still_refuses(kind):
    with sale_on(kind, application=NAIVE, workers=1, STOA_TEST_NAIVE="unconditional") as sale:
        rush(sale, buyers=70)
        assert count(sale, RUSH) == {"orders": PIECES, "reserved": PIECES, "on_hand": PIECES}


def test_twenty_posts_with_one_token_make_one_order(sale):
    [(buyer, form)] = ready_buyers(sale, 1, ONE_TOKEN)
    gate = Barrier(20)

    def press(_):
        gate.wait(timeout=60)
        return Buyer(sale.url, dict(buyer.cookies)).post("/checkout/", form)

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(press, range(20)))

    assert {answer.status for answer in answers} == {303}
    assert count(sale, ONE_TOKEN) == {"orders": 1, "reserved": 1, "on_hand": PIECES}


def test_two_tabs_make_one_order_and_land_on_the_same_page(sale):
    [(buyer, first_tab)] = ready_buyers(sale, 1, TWO_TABS)
    second_tab = buyer.checkout_form(email="buyer0@example.com")

    first = buyer.post("/checkout/", first_tab)
    second = buyer.post("/checkout/", second_tab)

    assert (first.status, second.status) == (303, 303)
    assert re.sub(r"\?.*", "", first.location) == re.sub(r"\?.*", "", second.location)
    assert count(sale, TWO_TABS)["orders"] == 1
