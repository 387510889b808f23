import re

import pytest

from apps.catalog.models import SearchMiss
from apps.catalog.tests.factories import make_category, make_image, make_variant

pytestmark = pytest.mark.django_db


def suggest(client, q, target="site-suggest", address="/search/suggest/"):
    return client.get(address, {"q": q}, headers={"HX-Request": "true", "HX-Target": target})


def options(response):
    html = re.sub(r"\s+", " ", response.content.decode())
    found = re.findall(r'<a [^>]*role="option"[^>]*href="([^"]+)"[^>]*>(.*?)</a>', html)
    return [(address, re.sub("<[^>]*>", " ", text).split()) for address, text in found]


@pytest.fixture
def shop():
    light = make_category(name="Lamps", slug="lamps", translations={"de": {"name": "Leuchten"}})
    make_category(name="Desk lamps", slug="desk", parent=light)
    make_category(name="Bags", slug="bags")
    lamp = make_variant(
        title="Desk lamp",
        sku="LMP-1",
        price=4900,
        compare_at_price=6900,
        product_fields={"slug": "desk-lamp", "category": light, "translations": {"de": {"title": "Leuchte"}}},
    )
    make_image(product=lamp.product)
    make_variant(title="Table", price=None, product_fields={"slug": "table", "description": "Beside a lamp."})
    return lamp.product


def test_products_come_first_then_categories_then_all_results(client, shop):
    response = suggest(client, "lam")
    assert options(response) == [
        (shop.get_absolute_url(), ["Desk", "lamp", "Now", "€49.00", "Was", "€69.00"]),
        ("/products/table/", ["Table", "On", "request"]),
        ("/categories/lamps/", ["Lamps"]),
        ("/categories/lamps/desk/", ["Desk", "lamps"]),
        ("/products/?q=lam", ["Show", "all", "results"]),
    ]
    html = response.content.decode()
    assert 'data-says="4 suggestions"' in html
    assert html.count("<img ") == 1
    assert "<html" not in html
    assert (response["Cache-Control"], "HX-Target" in response["Vary"]) == ("private, max-age=60", True)


def test_they_speak_the_language_of_the_page(client, shop):
    found = options(suggest(client, "leucht", address="/de/search/suggest/"))
    assert [address for address, _ in found] == [
        "/de/products/desk-lamp/", "/de/categories/lamps/", "/de/products/?q=leucht",
    ]  # fmt: skip
    assert found[0][1][0] == "Leuchte"


@pytest.mark.parametrize("q", ["", " ", "l", "zzzz", "\x00'\"", "?!"])
def test_without_a_hit_it_says_so_and_offers_nothing(client, shop, q):
    response = suggest(client, q)
    assert options(response) == []
    assert 'data-says="0 suggestions"' in response.content.decode()
    assert not SearchMiss.objects.exists()


def test_at_most_six_products_and_three_categories_those_that_a_search_shows_first(client):
    for number in range(8):
        make_variant(title=f"Lamp {number}")
        make_category(name=f"Lamps {number}", slug=f"lamps-{number}")
    found = [text[-1] for _, text in options(suggest(client, "lamp"))]
    titles = re.findall(r'card__title"><a [^>]*>Lamp (\d)', client.get("/products/?q=lamp").content.decode())
    assert [text[1] for _, text in options(suggest(client, "lamp"))][:6] == titles[:6]
    assert len(found) == 6 + 3 + 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HX-Request": "true", "HX-Target": "site-suggest", "HX-Boosted": "true"},
    ],
)
def test_without_a_box_to_fill_it_leads_to_the_results(client, shop, headers):
    response = client.get("/search/suggest/?q=a+lamp%26&category=bags", headers=headers)
    assert (response.status_code, response["Location"]) == (302, "/products/?q=a+lamp%26")


def test_a_swap_into_anything_else_is_sent_to_the_results(client, shop):
    response = suggest(client, "lamp", target="results")
    assert (response.status_code, response["HX-Redirect"]) == (204, "/products/?q=lamp")


def test_it_costs_two_statements_however_many_match(client, shop, django_assert_num_queries):
    def cost(target):
        suggest(client, "lamp")  # what a process learns once
        with django_assert_num_queries(2):
            suggest(client, "lamp", target=target)

    cost("site-suggest")
    for number in range(23):
        make_variant(title=f"Lamp {number}", product_fields={"category": make_category(name=f"Lamp {number}")})
    cost("menu-suggest")


def test_what_is_typed_and_what_is_sold_can_forge_nothing(client):
    make_variant(title="<i>Lamp</i>", product_fields={"slug": "lamp"})
    html = suggest(client, '"><b>lamp').content.decode()
    assert "<b>" not in html
    assert "<i>Lamp" not in suggest(client, "lamp").content.decode()
