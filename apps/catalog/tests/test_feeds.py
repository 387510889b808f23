"""What machines read: sitemaps, the product feed, llms.txt and the data in the pages."""

import json
import re
from xml.etree import ElementTree

import pytest

from apps.catalog import sitemaps
from apps.catalog.models import Stock
from apps.catalog.services import publish
from apps.catalog.tests.factories import make_category, make_image, make_variant, published_together
from apps.pages.models import Shop, TextPage
from apps.pages.services import save_page, save_shop

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]
SITE = "http://testserver"
G = "{http://base.google.com/ns/1.0}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def mug():
    kitchen = make_category(name="Kitchen", slug="kitchen")
    fields = {
        "slug": "mug",
        "category": kitchen,
        "vendor": "Kiln & Co",
        "description": "<ul><li>Holds tea &amp; soup</li><li>Blue</li></ul>",
    }
    moss = {"options": {"Colour": "Moss"}, "barcode": "4006381333931"}
    variant = make_variant(sku="MUG-M", price=1500, compare_at_price=2000, product_fields=fields, **moss)
    make_image(product=variant.product)
    publish([variant.product_id])
    return variant


def read(response):
    return ElementTree.fromstring(b"".join(response.streaming_content))


def locations(client, path):
    return [found.text for found in read(client.get(path)).iter(f"{SITEMAP}loc")]


def items(client):
    found = read(client.get("/feeds/google.xml")).iter("item")
    return [{field.tag.removeprefix(G): field.text for field in item} for item in found]


def data_of(html):
    return [json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)]


def test_the_index_names_a_file_for_each_span_of_products(client, mug, monkeypatch):
    monkeypatch.setattr(sitemaps, "SPAN", 1)
    draft = make_variant(active=False)
    names = [f"{SITE}/sitemap-pages.xml", f"{SITE}/sitemap-products-{mug.product_id}.xml"]
    assert locations(client, "/sitemap.xml") == names
    products = locations(client, f"/sitemap-products-{mug.product_id}.xml")
    assert products == [f"{SITE}/products/mug/", f"{SITE}/de/products/mug/"]
    assert locations(client, f"/sitemap-products-{draft.product_id}.xml") == []


def test_a_sitemap_names_every_language_of_an_address(client, mug):
    save_page(page=TextPage(slug="story", title="Story", published=True))
    save_page(page=TextPage(slug="draft", title="Draft"))
    found = locations(client, "/sitemap-pages.xml")
    assert found[:2] == [f"{SITE}/", f"{SITE}/de/"]
    assert f"{SITE}/de/categories/kitchen/" in found and f"{SITE}/pages/story/" in found
    assert f"{SITE}/pages/draft/" not in found
    entry = next(iter(read(client.get("/sitemap-pages.xml"))))
    links = {link.get("hreflang"): link.get("href") for link in entry.iter("{http://www.w3.org/1999/xhtml}link")}
    assert links == {"en": f"{SITE}/", "de": f"{SITE}/de/", "x-default": f"{SITE}/"}
    assert f"Sitemap: {SITE}/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_the_feed_tells_what_a_buyer_would_see(client, mug):
    [item] = items(client)
    assert item.pop("image_link").startswith(f"{SITE}/static/img/demo/mug-480")
    assert item == {
        "id": "MUG-M",
        "item_group_id": "mug",
        "title": "Mug – Moss",
        "description": "Holds tea & soup · Blue",
        "link": f"{SITE}/products/mug/?variant=MUG-M",
        "availability": "in_stock",
        "price": "20.00 EUR",
        "sale_price": "15.00 EUR",
        "brand": "Kiln & Co",
        "gtin": "4006381333931",
        "condition": "new",
        "product_type": "Kitchen",
        "shipping_weight": "400 g",
    }


def test_the_feed_speaks_each_language_of_the_shop(client, mug):
    mug.product.translations = {"de": {"title": "Becher", "description": "Fasst Tee"}}
    mug.product.save()
    publish([mug.product_id])
    root = read(client.get("/de/feeds/google.xml"))
    assert root.find("channel/link").text == f"{SITE}/de/"
    [item] = root.iter("item")
    found = {field.tag.removeprefix(G): field.text for field in item}
    assert (found["title"], found["description"]) == ("Becher – Moss", "Fasst Tee")
    assert found["link"] == f"{SITE}/de/products/mug/?variant=MUG-M"
    assert items(client)[0]["title"] == "Mug – Moss"
    assert client.get("/fr/feeds/google.xml").status_code == client.get("/en/feeds/google.xml").status_code == 404


def test_the_feed_knows_what_is_sold_out_and_leaves_out_what_has_no_price_or_is_not_shown(client):
    make_variant(sku="A", on_hand=0)
    make_variant(sku="B", on_hand=0, backorder=True)
    make_variant(sku="C", price=None)
    make_variant(sku="D", active=False)
    assert [(item["id"], item["availability"]) for item in items(client)] == [("A", "out_of_stock"), ("B", "backorder")]


def test_the_feed_costs_the_same_for_1_and_24_products(client, mug, django_assert_num_queries):
    items(client)
    with django_assert_num_queries(2):
        items(client)
    with published_together():
        for _ in range(23):
            make_variant()
    items(client)
    with django_assert_num_queries(2):
        assert len(items(client)) == 24


def test_llms_txt_names_the_shop_and_its_parts(client, mug):
    save_shop(shop=Shop(name="Kiln", tagline="Pots that last."))
    make_category(name="Mugs", slug="mugs", parent=mug.product.category)
    save_page(page=TextPage(slug="story", title="Our story", published=True))
    save_page(page=TextPage(slug="draft", title="Draft"))
    text = client.get("/llms.txt").content.decode()
    assert text.startswith("# Kiln\n\n> Pots that last.\n")
    lines = text.splitlines()
    for line in (
        f"- [Kitchen]({SITE}/categories/kitchen/)",
        f"- [Kitchen › Mugs]({SITE}/categories/kitchen/mugs/)",
        f"- [Our story]({SITE}/pages/story/)",
        f"- [Terms]({SITE}/pages/terms/)",
        f"- [All articles with price and stock, English]({SITE}/feeds/google.xml)",
        f"- [All articles with price and stock, German]({SITE}/de/feeds/google.xml)",
        f"- [German]({SITE}/de/)",
    ):
        assert line in lines
    assert "/pages/draft/" not in text


def test_a_product_page_says_what_it_offers(client, mug):
    html = client.get("/products/mug/").content.decode()
    product, crumbs = data_of(html)
    assert product["@type"] == "Product" and product["brand"]["name"] == "Kiln & Co"
    assert product["offers"] == {
        "@type": "Offer",
        "url": f"{SITE}/products/mug/?variant=MUG-M",
        "price": "15.00",
        "priceCurrency": "EUR",
        "availability": "https://schema.org/InStock",
        "itemCondition": "https://schema.org/NewCondition",
    }
    assert [entry["name"] for entry in crumbs["itemListElement"]] == ["Home", "Kitchen", "Mug"]
    assert crumbs["itemListElement"][2]["item"] == f"{SITE}/products/mug/"
    assert '<meta property="og:type" content="product">' in html
    assert f'<meta property="og:image" content="{SITE}/static/img/demo/mug-480' in html
    assert f'<link rel="alternate" hreflang="x-default" href="{SITE}/products/mug/">' in html
    Stock.objects.update(on_hand=0)
    publish([mug.product_id])
    assert data_of(client.get("/products/mug/").content.decode())[0]["offers"]["availability"].endswith("OutOfStock")


@pytest.mark.parametrize("address", ["/products/mug/", "/products/mug/?variant=MUG-M", "/products/mug/?utm_source=a"])
def test_a_products_addresses_in_other_languages_are_the_canonical_ones(client, mug, address):
    html = client.get(address).text
    named = re.findall(r'<link rel="alternate" hreflang="(.*?)" href="(.*?)">', html)
    here, there = f"{SITE}/products/mug/", f"{SITE}/de/products/mug/"
    assert named == [("en", here), ("x-default", here), ("de", there)]
    assert f'<link rel="canonical" href="{here}">' in html
    # Who changes the language keeps the variant.
    chosen = address.partition("?variant")[1:]
    assert f'<a href="/de/products/mug/{"".join(chosen)}" lang="de"' in html


def test_a_page_of_a_list_is_named_in_each_language_by_its_number(client):
    for number in range(25):
        make_variant(title=f"Cup {number}")
    html = client.get("/de/products/?utm_source=a&page=2").text
    named = dict(re.findall(r'<link rel="alternate" hreflang="(.*?)" href="(.*?)">', html))
    assert named["en"] == named["x-default"] == f"{SITE}/products/?page=2"
    assert named["de"] == f"{SITE}/de/products/?page=2"


def test_words_of_a_product_can_not_leave_their_script(client, mug):
    mug.product.title = "</script><script>alert(1)</script>"
    mug.product.save()
    publish([mug.product_id])
    html = client.get("/products/mug/").content.decode()
    assert "<script>alert" not in html
    assert data_of(html)[0]["name"] == "</script><script>alert(1)</script>"


def test_the_start_page_says_who_sells(client):
    save_shop(shop=Shop(name="Kiln", legal_address="Kiln Ltd", email="hello@kiln.example"))
    shop, site = data_of(client.get("/de/").content.decode())
    assert (shop["@type"], shop["name"], shop["legalName"]) == ("OnlineStore", "Kiln", "Kiln Ltd")
    assert (site["@type"], site["url"], site["inLanguage"]) == ("WebSite", f"{SITE}/de/", "de")
    target = site["potentialAction"]["target"]["urlTemplate"]
    assert target == f"{SITE}/de/products/?q={{search_term_string}}"


def test_a_category_says_where_it_is(client, mug):
    crumbs, items = data_of(client.get("/categories/kitchen/").content.decode())
    product = {"@type": "ListItem", "position": 1, "url": f"{SITE}/products/mug/"}
    assert items == {"@context": "https://schema.org", "@type": "ItemList", "itemListElement": [product]}
    places = [(entry["name"], entry["item"]) for entry in crumbs["itemListElement"]]
    assert places == [("Home", f"{SITE}/"), ("Kitchen", f"{SITE}/categories/kitchen/")]
    assert data_of(client.get("/categories/kitchen/?available=1").content.decode()) == []
    crumbs, items = data_of(client.get("/de/products/").content.decode())
    assert [entry["item"] for entry in crumbs["itemListElement"]] == [f"{SITE}/de/", f"{SITE}/de/products/"]
    assert items["itemListElement"][0]["url"] == f"{SITE}/de/products/mug/"


def test_a_list_without_products_lists_none(client):
    make_category(name="Kitchen", slug="kitchen")
    [crumbs] = data_of(client.get("/categories/kitchen/").content.decode())
    assert crumbs["@type"] == "BreadcrumbList"


def test_a_product_of_several_prices_offers_their_range_until_one_is_chosen(client, mug):
    make_variant(sku="MUG-S", product=mug.product, price=900, options={"Colour": "Sand"})
    publish([mug.product_id])
    offers = data_of(client.get("/products/mug/").content.decode())[0]["offers"]
    assert offers == {
        "@type": "AggregateOffer",
        "url": f"{SITE}/products/mug/",
        "lowPrice": "9.00",
        "highPrice": "15.00",
        "offerCount": 2,
        "priceCurrency": "EUR",
        "availability": "https://schema.org/InStock",
    }
    chosen = data_of(client.get("/products/mug/?variant=MUG-S").content.decode())[0]["offers"]
    assert (chosen["@type"], chosen["price"]) == ("Offer", "9.00")
