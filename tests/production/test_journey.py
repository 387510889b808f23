"""The whole purchase in a deploy: the web line alone, production settings, no JavaScript."""

import re
import time
import urllib.request
from urllib.parse import urlsplit

import pytest

from tests.support.buyer import Buyer
from tests.support.databases import fresh_database
from tests.support.server import ShopServer

pytestmark = [pytest.mark.servers, pytest.mark.one_database("postgres")]


@pytest.fixture(scope="module")
def shop(kind):
    with ShopServer(fresh_database(kind, "--orders", "0")) as server:
        yield server


def wait_for_status(buyer, path, status, seconds=20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if (seen := buyer.status_of(path)) == status:
            return seen
        time.sleep(0.2)
    return seen


def a_product_in_stock(buyer):
    for slug in re.findall(r'href="/products/([a-z0-9-]+)/"', buyer.get("/products/").text):
        page = buyer.get(f"/products/{slug}/").text
        sku = re.search(r'name="sku"[^>]*value="([^"]+)"', page)
        if sku and 'data-testid="add-to-cart"' in page:
            return slug, sku[1]
    raise AssertionError("The shop has nothing to sell.")


def test_a_guest_buys_pays_and_sees_the_order_turn_paid(shop):
    buyer = Buyer(shop.url)
    slug, sku = a_product_in_stock(buyer)

    added = buyer.add(slug, sku)
    placed = buyer.place()
    assert (added.status, placed.status) == (303, 303)
    bank = urlsplit(placed.location).path
    assert bank.startswith("/payments/sandbox/")

    paid = buyer.pay(bank)
    order = urlsplit(paid.location).path
    assert order.startswith("/orders/")
    assert wait_for_status(buyer, order, "paid") == "paid"
    assert Buyer(shop.url).get(order).status == 404
    assert shop.manage("audit", "--json").stdout.strip() == "[]"


def test_every_picture_on_the_way_answers(shop):
    buyer = Buyer(shop.url)
    slug, sku = a_product_in_stock(buyer)
    buyer.add(slug, sku)
    pages = [buyer.get(path).text for path in ("/", "/products/", f"/products/{slug}/", "/cart/", "/checkout/")]

    addresses = set()
    for page in pages:
        addresses.update(re.findall(r'<img\b[^>]*\bsrc="([^"]+)"', page))
        for srcset in re.findall(r'\bsrcset="([^"]+)"', page):
            addresses.update(entry.split()[0] for entry in srcset.split(","))

    assert len(addresses) > 20
    assert {address: status for address in addresses if (status := buyer.get(address).status) != 200} == {}


def test_probes_answer_under_any_host_name(shop):
    stranger = Buyer(shop.url, headers={"Host": "10.0.0.1"})
    assert stranger.get("/healthz").status == 200
    assert stranger.get("/readyz").status == 200
    assert stranger.get("/").status == 400


def test_a_new_price_is_on_every_page_of_every_process_at_once(shop):
    def pages():
        """Connections of their own, so that every process answers some of them."""
        for path in ("/products/", f"/products/{slug}/", "/products/?sort=price") * 8:
            with urllib.request.urlopen(shop.url + path) as answer:
                yield answer.read().decode()

    slug, _ = a_product_in_stock(Buyer(shop.url))
    assert not any("€0.07" in html for html in pages())
    shop.manage(
        "shell",
        "-c",
        "from apps.catalog.models import Variant; from apps.catalog.services import publish\n"
        f"rows = Variant.objects.filter(product__slug={slug!r})\n"
        "rows.update(price=7, compare_at_price=None); publish(rows.values_list('product_id', flat=True))",
    )
    assert all("€0.07" in html for html in pages())
