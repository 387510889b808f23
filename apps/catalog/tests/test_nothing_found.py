import re

import pytest

from apps.catalog.models import SearchMiss
from apps.catalog.search import near_names
from apps.catalog.tests.factories import make_category, make_variant, published_together

pytestmark = pytest.mark.django_db

FRAGMENT = {"HX-Request": "true", "HX-Target": "results"}


def links(html):
    return re.findall(r'<a [^>]*href="([^"]+)"[^>]*>([^<]+)<', html.partition('id="results"')[2])


def missed():
    return list(SearchMiss.objects.order_by("words").values_list("words", "count"))


@pytest.fixture
def shop():
    kitchen = make_category(name="Kitchen", slug="kitchen")
    light = make_category(name="Lighting", slug="lighting", translations={"de": {"name": "Leuchten"}})
    make_category(name="Table lamps", slug="table-lamps", parent=light)
    mug = make_variant(title="Mug", options={"Colour": "Moss"}, product_fields={"category": kitchen})
    make_variant(title="Walnut lamp", on_hand=0, product_fields={"category": light})
    return mug


def test_a_slip_is_answered_with_the_word_that_was_meant(client, shop):
    html = client.get("/products/?q=wallnut+lmap").content.decode()
    assert "Nothing found for “wallnut lmap”" in html
    assert ("/products/?q=walnut%20lamp", "walnut lamp") in links(html)
    assert missed() == [("wallnut lmap", 1)]


def test_in_german_it_is_said_in_german(client, shop):
    html = client.get("/de/products/?q=wallnut").content.decode()
    assert "Nichts gefunden für „wallnut“" in html
    assert ("/de/products/?q=walnut", "walnut") in links(html)


def test_words_that_are_only_found_apart_are_offered_one_by_one(client, shop):
    html = client.get("/products/?q=mug+walnut").content.decode()
    found = links(html)
    assert ("/products/?q=mug", "mug") in found
    assert ("/products/?q=walnut", "walnut") in found


def test_categories_with_a_name_like_the_words_and_new_products_are_offered(client, shop):
    html = client.get("/products/?q=lightning+set").content.decode()
    assert [name for address, name in links(html) if "/categories/" in address and "<" not in name][:1] == ["Lighting"]
    assert html.partition('id="instead"')[2].count('data-testid="product-card"') == 1  # what can be bought
    without = client.get("/products/?q=zzzz").content.decode()
    assert "/categories/kitchen/" in without.partition('id="results"')[2]


@pytest.mark.parametrize(
    ("address", "says", "link"),
    [
        ("/products/?q=mug&on-sale=1", "“mug” finds 1 product without them.", "/products/?q=mug"),
        ("/products/?q=mug&category=lighting", "finds 1 product in the rest of the shop", "/products/?q=mug"),
        ("/categories/lighting/?q=mug&available=1", "finds 1 product in the rest of the shop", "/products/?q=mug"),
        ("/categories/kitchen/?q=mug&price-min=999", "without them.", "/categories/kitchen/?q=mug"),
    ],
)
def test_what_only_filters_have_hidden_is_found_without_them_and_no_miss(client, shop, address, says, link):
    html = client.get(address).content.decode()
    assert says in html
    assert link in [target for target, _ in links(html)]
    assert missed() == []


def test_a_miss_is_counted_once_for_a_page_and_not_for_its_filters(client, shop):
    client.get("/products/?q=sofa")
    html = client.get("/products/?q=sofa&available=1", headers=FRAGMENT).content.decode()
    assert "Nothing found for “sofa”" in html
    assert missed() == [("sofa", 1)]


def test_nothing_that_is_typed_can_forge_the_page(client, shop):
    html = client.get("/products/?q=%3Cb%3E%22mug%22%26x%3Dy").content.decode()
    assert "<b>" not in html


def test_it_costs_the_same_in_a_small_and_in_a_larger_shop(client, shop, django_assert_num_queries):
    def cost():
        client.get("/products/?q=wallnut")
        with django_assert_num_queries(9):
            client.get("/products/?q=wallnut")

    cost()
    with published_together():
        for number in range(23):
            make_variant(title=f"Walnut bowl {number}")
    cost()


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("lamps", ["b", "c"]),
        ("tabel lamp", ["b", "c"]),
        ("floor lamp", ["c", "b"]),
        ("stehlampe", []),
        ("kitch", ["a"]),
        ("x", []),
        ("\x00'\"", []),
    ],
)
def test_near_names(q, expected):
    assert near_names(q, {"a": "Kitchen", "b": "Table lamps", "c": "Floor lamps"}, limit=2) == expected
