"""200 buyers at one address press the button at the same moment; 50 pieces are there."""

import json
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.support.buyer import ADDRESS, Buyer, field_value, first_choice
from tests.support.databases import fresh_database
from tests.support.server import ShopServer

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("servers")]

BUYERS, PIECES = 200, 50

ONE_PRODUCT = f"""
from apps.catalog.tests.factories import make_variant
make_variant(sku="FLASH-1", title="Flash sale", product_fields={{"slug": "flash-sale"}}, price=1900, on_hand={PIECES})
"""
COUNT = """
import json
from apps.catalog.models import Stock
from apps.orders.models import Order
stock = Stock.objects.get(variant__sku="FLASH-1")
print(json.dumps({"orders": Order.unscoped.count(), "reserved": stock.reserved, "on_hand": stock.on_hand}))
"""
DROP_CHECK = """
from django.db import connection
from apps.catalog.models import Stock
check = next(c for c in Stock._meta.constraints if c.name == "catalog_stock_never_oversold")
Stock._meta.constraints.remove(check)  # SQLite rebuilds the table from what the model says
with connection.schema_editor() as editor:
    editor.remove_constraint(Stock, check)
"""


def shell(shop, code):
    return shop.manage("shell", "--no-imports", "-v0", "-c", code).stdout


def count(shop):
    return json.loads(shell(shop, COUNT).strip().splitlines()[-1])


def ready_buyers(shop, buyers):
    """Guests with a cart and a filled form each. They share a CSRF token, as browsers behind one address may not."""
    first = Buyer(shop.url)
    token = field_value(first.get("/products/flash-sale/").text, "csrfmiddlewaretoken")

    def get_ready(number):
        buyer = Buyer(shop.url, {"csrftoken": first.cookies["csrftoken"]})
        added = buyer.post("/cart/lines/", {"csrfmiddlewaretoken": token, "sku": "FLASH-1", "quantity": "1"})
        assert added.status == 303
        form = {**ADDRESS, "email": f"buyer{number}@example.com", "csrfmiddlewaretoken": token}
        page = buyer.post("/checkout/", {**form, "action": "update"}).text
        form |= {name: field_value(page, name) for name in ("checkout_token", "shown_total")}
        form |= {name: first_choice(page, name) for name in ("shipping_method", "payment_method")}
        return buyer, form

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(get_ready, range(buyers)))


def rush(shop, buyers=BUYERS):
    """Every buyer fills the form; then all press the button together. Returns how often each status came."""
    ready = ready_buyers(shop, buyers)
    gate = Barrier(buyers)

    def press(entry):
        buyer, form = entry
        gate.wait(timeout=60)
        return buyer.post("/checkout/", form)

    with ThreadPoolExecutor(buyers) as pool:
        answers = list(pool.map(press, ready))
    return Counter(answer.status for answer in answers), answers


@pytest.fixture
def sale(kind, request):
    """A started shop with one product of 50 pieces."""
    settings = getattr(request, "param", {})
    url = fresh_database(kind, "--products", "0", "--orders", "0")
    with ShopServer(url, JOBS_IN_WEB="false", **settings) as shop:
        shell(shop, ONE_PRODUCT)
        yield shop


def test_fifty_pieces_make_fifty_orders_and_150_polite_refusals(sale):
    statuses, answers = rush(sale)

    assert statuses == {303: PIECES, 409: BUYERS - PIECES}
    assert all('data-testid="sold-out"' in answer.text for answer in answers if answer.status == 409)
    assert count(sale) == {"orders": PIECES, "reserved": PIECES, "on_hand": PIECES}
    assert sale.manage("audit", "--json").stdout.strip() == "[]"


NAIVE = {"application": "tests.races.naive_shop:application"}


@pytest.mark.parametrize("sale", [{**NAIVE, "STOA_TEST_NAIVE": "two-transactions"}], indirect=True)
def test_control_without_both_guards_the_same_rush_oversells(sale, record_property, capsys):
    shell(sale, DROP_CHECK)
    rush(sale, buyers=70)

    sold = count(sale)["orders"]
    record_property("sold of 50", sold)
    with capsys.disabled():
        print(f" [control: {sold} sold of {PIECES}]", end="")
    assert sold > PIECES


@pytest.mark.parametrize("sale", [{**NAIVE, "STOA_TEST_NAIVE": "unconditional"}], indirect=True)
def test_control_without_the_condition_the_check_still_refuses(sale):
    rush(sale, buyers=70)

    assert count(sale) == {"orders": PIECES, "reserved": PIECES, "on_hand": PIECES}


def test_twenty_posts_with_one_token_make_one_order(sale):
    [(buyer, form)] = ready_buyers(sale, 1)
    gate = Barrier(20)

    def press(_):
        gate.wait(timeout=60)
        return Buyer(sale.url, dict(buyer.cookies)).post("/checkout/", form)

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(press, range(20)))

    assert {answer.status for answer in answers} == {303}
    assert count(sale)["orders"] == 1
    assert count(sale)["reserved"] == 1


def test_two_tabs_make_one_order_and_land_on_the_same_page(sale):
    [(buyer, first_tab)] = ready_buyers(sale, 1)
    second_tab = buyer.checkout_form(email="buyer0@example.com")

    first = buyer.post("/checkout/", first_tab)
    second = buyer.post("/checkout/", second_tab)

    assert (first.status, second.status) == (303, 303)
    assert re.sub(r"\?.*", "", first.location) == re.sub(r"\?.*", "", second.location)
    assert count(sale)["orders"] == 1
