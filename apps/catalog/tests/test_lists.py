import re

import pytest
from django.utils.translation import override

from apps.catalog.chips import category_chips
from apps.catalog.models import Facet, Listing, OptionValue, Product
from apps.catalog.notes import featured_notes
from apps.catalog.selectors import lists
from apps.catalog.services import branches, publish
from apps.catalog.tests.factories import make_category, make_image, make_variant, published_together
from apps.core.templatetags.stoa import breadcrumbs
from apps.pages.models import Shop
from apps.pages.services import save_shop

pytestmark = pytest.mark.django_db

FRAGMENT = {"HX-Request": "true", "HX-Target": "results"}


def titles(response, of=r'<ul class="grid".*?</ul>'):
    found, _, _ = response.content.decode().partition('id="instead"')
    grid = re.search(of, found, re.DOTALL)
    return re.findall(r'<h3 class="card__title"><a [^>]*>([^<]*)</a>', grid[0] if grid else "")


def facet(response, option):
    [group] = [group for group in response.context["products"].facets if group.option == option]
    return {value.value: value.count for value in group.values}


@pytest.fixture
def shop():
    with published_together():
        _stock_the_shelves()


def _stock_the_shelves():
    kitchen = make_category(name="Kitchen", slug="kitchen")
    mugs = make_category(name="Mugs", slug="mugs", parent=kitchen)
    light = make_category(name="Lighting", slug="lighting")
    moss, clay = {"Colour": "Moss"}, {"Colour": "Clay"}
    mug = make_variant(title="Mug", sku="MUG-M", price=1500, options=moss, product_fields={"category": mugs})
    make_variant(product=mug.product, sku="MUG-C", price=1800, options=clay)
    make_variant(title="Bowl", price=3000, compare_at_price=4000, options=clay, product_fields={"category": kitchen})
    make_variant(title="Lamp", price=9000, on_hand=0, options={"Cable": "Red"}, product_fields={"category": light})
    make_variant(title="Draft", active=False, product_fields={"category": light})


def test_the_list_shows_visible_products_newest_first(client, shop):
    assert titles(client.get("/products/")) == ["Lamp", "Bowl", "Mug"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sort=price", ["Mug", "Bowl", "Lamp"]),
        ("sort=price-desc", ["Lamp", "Bowl", "Mug"]),
        ("available=1", ["Bowl", "Mug"]),
        ("on-sale=1", ["Bowl"]),
        ("price-min=16&price-max=30", ["Bowl", "Mug"]),
        ("price-max=14,99", []),
        ("colour=clay", ["Bowl", "Mug"]),
        ("colour=clay&colour=moss", ["Bowl", "Mug"]),
        ("colour=moss", ["Mug"]),
        ("colour=moss&cable=red", []),
        ("category=kitchen", ["Bowl", "Mug"]),
        ("category=kitchen/mugs", ["Mug"]),
        ("q=mug-c", ["Mug"]),
        ("q=CLAY", ["Bowl", "Mug"]),
        ("q=mug+bowl", []),
        ("q=kitch", ["Bowl"]),
        ("utm_source=mail&fbclid=x", ["Lamp", "Bowl", "Mug"]),
    ],
)
def test_what_the_address_says_narrows_the_list(client, shop, query, expected):
    assert titles(client.get(f"/products/?{query}")) == expected


def test_a_match_in_the_title_comes_before_one_in_the_text(client):
    make_variant(title="Lamp")
    make_variant(title="Table", product_fields={"description": "<p>Stands beside a lamp.</p>"})
    assert titles(client.get("/products/?q=lamp")) == ["Lamp", "Table"]


def test_the_numbers_beside_an_option_say_how_many_products_choosing_it_would_show(client, shop):
    make_variant(title="Cup", options={"Colour": "Moss", "Size": "S"})
    make_variant(title="Jug", options={"Colour": "Clay", "Size": "L"})
    assert facet(client.get("/products/"), "colour") == {"moss": 2, "clay": 3}
    chosen = client.get("/products/?size=s")
    assert facet(chosen, "colour") == {"moss": 1, "clay": 0}
    assert facet(chosen, "size") == {"s": 1, "l": 1}


def test_filters_are_named_in_the_visitors_language(client):
    moss = make_variant(options={"Colour": "Moss"})
    make_variant(product=moss.product, options={"Colour": "Clay"})
    Facet.objects.filter(value="moss").update(translations={"de": {"option_name": "Farbe", "value_name": "Moos"}})
    branches.rebuild()
    [group] = client.get("/de/products/").context["products"].facets
    assert (group.label, [value.label for value in group.values]) == ("Farbe", ["Moos", "Clay"])


def test_a_translated_option_is_published_with_its_translation():
    moss = make_variant(options={"Colour": "Moss"})
    OptionValue.objects.update(translations={"de": {"value": "Moos"}})
    Facet.objects.all().delete()
    publish([moss.product_id])
    with override("de"):
        assert Facet.objects.get().localized("value_name") == "Moos"


def chips(response):
    found = re.findall(r'<a class="chip" href="([^"]*)"( aria-current="true")?>([^<]*)</a>', response.content.decode())
    return [(name, url, bool(current)) for url, current, name in found]


def test_names_above_a_list_are_texts():
    assert category_chips([]) == ""
    chip = '<li><a class="chip" href="/x/?q=%26&amp;sort=price" aria-current="true">A &amp; &lt;b&gt;</a></li>'
    assert chip in category_chips([("A & <b>", "/x/?q=%26&sort=price", True)])
    crumbs = breadcrumbs([("A & <b>", "/x/?q=1&r=2"), ("C <i>", "")])
    assert '<li><a href="/x/?q=1&amp;r=2">A &amp; &lt;b&gt;</a></li>' in crumbs
    assert '<li><span aria-current="page">C &lt;i&gt;</span></li>' in crumbs


def test_a_category_page_shows_its_branch_and_the_way_on(client, shop):
    response = client.get("/categories/kitchen/")
    assert titles(response) == ["Bowl", "Mug"]
    assert chips(response) == [("All", "/categories/kitchen/", True), ("Mugs", "/categories/kitchen/mugs/", False)]
    crumbs = client.get("/categories/kitchen/mugs/").context["crumbs"]
    assert [name for name, _ in crumbs] == ["Home", "Kitchen", "Mugs"]


@pytest.mark.parametrize("path", ["nothing", "kitchen/lighting", "a%00b", "kitchen//mugs", "x" * 500])
def test_an_unknown_category_is_not_found(client, shop, path):
    assert client.get(f"/categories/{path}/").status_code == 404


def test_htmx_gets_the_results_and_the_filters_beside_them_but_no_page(client, shop):
    response = client.get("/products/?colour=clay&price-min=&price-max=&sort=newest", headers=FRAGMENT)
    html = response.content.decode()
    assert html.lstrip().startswith('<div id="results">')
    assert '<div id="facets" hx-swap-oob="true">' in html
    assert "<html" not in html
    assert response["HX-Push-Url"] == "/products/?colour=clay"
    assert set(response["Vary"].split(", ")) >= {
        "HX-Request",
        "HX-Target",
        "HX-Boosted",
        "HX-History-Restore-Request",
    }


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_a_boosted_or_restored_visit_gets_the_page(client, shop, header):
    response = client.get("/products/", headers={**FRAGMENT, header: "true"})
    assert "<html" in response.content.decode()
    assert "HX-Push-Url" not in response


def test_filtered_lists_stay_out_of_search_engines_and_pages_keep_their_own_address(client):
    with published_together():
        for _ in range(25):
            make_variant()
    plain = client.get("/products/?page=2").content.decode()
    assert '<link rel="canonical" href="http://testserver/products/?page=2">' in plain
    assert "noindex" not in plain
    assert '<meta name="robots" content="noindex,follow">' in client.get("/products/?q=mug").content.decode()


def chosen(response):
    """What can be taken off, with the address that is left then."""
    chips = r'chip--remove" href="([^"]*)" hx-get="[^"]*">([^<]*?) <'
    return {label: address.replace("&amp;", "&") for address, label in re.findall(chips, response.content.decode())}


def test_a_chosen_value_can_be_taken_off_even_if_it_is_too_rare_to_be_offered(client, shop):
    response = client.get("/products/?colour=moss&cable=red&sort=price")
    assert chosen(response) == {"Moss": "/products/?cable=red&sort=price", "Red": "/products/?colour=moss&sort=price"}
    assert facet(response, "colour") == {"moss": 0, "clay": 0}
    assert facet(response, "cable") == {"red": 0}
    assert [group.option for group in client.get("/products/").context["products"].facets] == ["colour"]


def test_the_numbers_follow_stock_and_reductions_without_being_counted(client, shop):
    assert facet(client.get("/products/?available=1"), "colour") == {"moss": 1, "clay": 2}
    assert facet(client.get("/products/?available=1&on-sale=1"), "colour") == {"moss": 0, "clay": 1}
    assert facet(client.get("/products/?on-sale=1&colour=moss"), "colour") == {"moss": 0, "clay": 1}
    assert facet(client.get("/products/?price-max=16"), "colour") == {"moss": 1, "clay": 1}
    assert facet(client.get("/products/?q=clay&colour=moss"), "colour") == {"moss": 1, "clay": 2}


@pytest.mark.parametrize("sort", ["", "price", "price-desc"])
def test_deep_pages_follow_one_another_without_gap_or_double_in_both_directions(client, monkeypatch, sort):
    monkeypatch.setattr(lists, "MOST_NUMBERED", 1)
    make = [Product(title=f"Mug {n}", slug=f"mug-{n}", status=Product.Status.ACTIVE) for n in range(50)]
    publish(product.pk for product in Product.objects.bulk_create(make))

    def go(response, rel):
        [address] = re.findall(rf'<a href="([^"]*)" rel="{rel}"', response.content.decode())
        return client.get(address.replace("&amp;", "&"))

    first = client.get(f"/products/?sort={sort}")
    second = go(first, "next")
    third = go(second, "next")
    assert [len(titles(page)) for page in (first, second, third)] == [24, 24, 2]
    assert len({title for page in (first, second, third) for title in titles(page)}) == 50
    assert 'rel="next"' not in third.content.decode()
    assert titles(go(third, "prev")) == titles(second)
    assert titles(go(go(third, "prev"), "prev")) == titles(first)
    assert '<meta name="robots" content="noindex,follow">' in third.content.decode()
    assert '<link rel="canonical" href="http://testserver/products/">' in third.content.decode()
    assert titles(client.get(f"/products/?sort={sort}&page=3")) == titles(first)


@pytest.mark.parametrize(
    "query", ["colour=clay&colour=moss&size=s&available=1&price-min=1&price-max=99", "q=mug&size=s", "q=mug"]
)
def test_any_choice_is_read_and_counted_in_one_statement(client, django_assert_num_queries, query):
    make_variant(options={"Colour": "Moss", "Size": "S"})
    make_variant(options={"Colour": "Clay", "Size": "L"})
    client.get(f"/de/products/?{query}")  # what a process learns once
    with django_assert_num_queries(2):  # the clock of the pages, and the list
        assert "Mug" in titles(client.get(f"/products/?{query}"))


def test_a_page_beyond_the_end_is_the_last_one(client):
    with published_together():
        for _ in range(25):
            make_variant()
    response = client.get("/products/?page=99")
    assert (response.status_code, response.context["filters"].page, len(titles(response))) == (200, 2, 1)


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "x" * 10_000,
        "q=%00%00",
        "q=%ff%fe",
        "q=%ED%A0%80",
        "q=%25_%5C%27%22",
        "page=-1",
        "page=0",
        "page=1e9",
        "page=" + "9" * 400,
        "page=200&after=" + "9" * 19 + ".1",
        "after=1.1&before=-5.2",
        "before=x",
        "page=%D9%A1",
        "price-min=-5",
        "price-min=1e400&price-max=NaN",
        "price-min=" + "9" * 30,
        "price-min=0.001",
        "category=%00",
        "category=../../etc/passwd",
        "colour=%00&colour=" + "y" * 5000,
        "%00=1&%ff=2",
        "sort=password",
        "&".join(f"option{n}=a" for n in range(300)),
        "colour=" + "&colour=".join(f"v{n}" for n in range(500)),
    ],
)
def test_a_strange_address_is_harmless(client, shop, query):
    assert client.get(f"/products/?{query}").status_code == 200


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "fragment"])
@pytest.mark.parametrize(
    ("query", "low", "high", "refused", "shown"),
    [
        ("price-min=abc", "abc", "", ["min"], ["Lamp", "Bowl", "Mug"]),
        ("price-min=12&price-max=-5", "12", "-5", ["max"], ["Lamp", "Bowl", "Mug"]),
        ("price-min=%22%3E&price-max=1e9", "&quot;&gt;", "1e9", ["min", "max"], ["Lamp", "Bowl", "Mug"]),
        ("price-min=50&price-max=x", "50", "x", ["max"], ["Lamp"]),
        ("price-min=50,00&price-max=20", "50,00", "20", ["min", "max"], ["Lamp", "Bowl", "Mug"]),
    ],
)
def test_a_limit_that_is_no_price_is_told_beside_its_field_and_limits_nothing(
    client, shop, query, low, high, refused, shown, headers
):
    response = client.get(f"/products/?{query}", headers=headers)
    fields = dict(re.findall(r'<input class="input" id="facet-price-(min|max)"(.*?)>', response.text))
    assert [re.search('value="(.*?)"', field)[1] for field in fields.values()] == [low, high]
    told = 'aria-invalid="true" aria-describedby="facet-price-problem"'
    assert [name for name, field in fields.items() if told in field] == refused
    crossed = query.endswith("max=20")
    text = "“From” is more than “To”." if crossed else "Please give a price as a number, such as 12.50."
    problem = re.search('id="facet-price-problem" role="alert">.*?<span>(.*?)</span>', response.text)
    assert (problem[1], titles(response)) == (text, shown)


def test_limits_that_are_prices_are_not_remarked_on(client, shop, django_assert_num_queries):
    for query in ("", "price-min=&price-max=+", "price-min=20&price-max=20,00"):
        assert "facet-price-problem" not in client.get(f"/products/?{query}").text
    with django_assert_num_queries(2):
        client.get("/products/?price-min=abc")


def test_nothing_found_says_so_and_shows_the_words(client, shop):
    html = client.get("/products/?q=%3Cb%3Elmap").content.decode()
    assert "Nothing found for “&lt;b&gt;lmap”" in html


def test_an_empty_shop_says_so(client, db):
    assert "Nothing here yet" in client.get("/products/").content.decode()
    assert "The shelves are still empty" in client.get("/").content.decode()


def test_a_reduced_card_shows_both_prices_and_a_sold_out_one_says_so(client, shop):
    html = client.get("/products/").content.decode()
    assert html.count('data-testid="product-card"') == 3
    assert html.count('data-testid="sold-out"') == 1
    assert "−25 %" in html
    assert "<del>€40.00</del>" in html


def test_home_opens_in_a_shop_without_categories(client):
    make_image(product=make_variant(title="Mug").product)
    response = client.get("/")
    assert (titles(response), len(response.context["hero"])) == (["Mug"], 1)


def test_home_shows_new_and_reduced_products_and_the_categories(client, shop):
    response = client.get("/")
    assert titles(response) == ["Bowl", "Mug", "Lamp"]
    assert titles(response, of="<h2>Reduced</h2>.*") == ["Bowl"]
    assert [(tile.category.name, tile.count) for tile in response.context["tiles"]] == [("Kitchen", 2), ("Lighting", 1)]


@pytest.mark.parametrize(("path", "queries"), [("/products/", 2), ("/categories/kitchen/", 2), ("/", 2)])
def test_lists_cost_the_same_queries_for_one_product_and_for_24(client, django_assert_num_queries, path, queries):
    kitchen = make_category(slug="kitchen")

    def add():
        variant = make_variant(options={"Colour": "Moss"}, compare_at_price=5000, product_fields={"category": kitchen})
        make_variant(product=variant.product, options={"Colour": "Clay"})
        make_image(product=variant.product)

    add()
    client.get(f"/de{path}")  # what a process learns once
    with django_assert_num_queries(queries):
        client.get(path)
    with published_together():
        for _ in range(23):
            add()
    client.get(f"/de{path}")
    with django_assert_num_queries(queries):
        response = client.get(path)
    assert response.content.decode().count('data-testid="product-card"') == {"/": 12}.get(path, 24)


def test_a_fragment_costs_no_more_than_its_page(client, django_assert_num_queries, shop):
    client.get("/de/products/?colour=clay&available=1", headers=FRAGMENT)  # what a process learns once
    with django_assert_num_queries(2):
        client.get("/products/?colour=clay&available=1", headers=FRAGMENT)


def test_every_limit_that_is_set_can_be_taken_off_by_itself(client):
    make_variant(price=2500)
    page = client.get("/products/?available=1&on-sale=1&price-min=10&price-max=30").content.decode()
    for label, rest in [
        ("In stock", "on-sale=1&amp;price-min=10&amp;price-max=30"),
        ("Reduced", "available=1&amp;price-min=10&amp;price-max=30"),
        ("From €10.00", "available=1&amp;on-sale=1&amp;price-max=30"),
        ("Up to €30.00", "available=1&amp;on-sale=1&amp;price-min=10"),
    ]:
        assert f'href="/products/?{rest}" hx-get="/products/?{rest}">{label} ' in page


def test_the_start_page_begins_with_what_the_shop_chose(client, shop):
    hidden = make_variant(title="Draft", sku="DRAFT-1", active=False)
    lamp = Listing.objects.get(title="Lamp").product
    assert "Our favourites" not in client.get("/").content.decode()
    codes = [lamp.slug, hidden.sku, "nothing", "MUG-C", lamp.variants.get().sku]
    save_shop(shop=Shop(name="Kiln", featured="\n".join(codes)))
    assert titles(client.get("/"), of="<h2>Our favourites</h2>.*?</section>") == ["Lamp", "Mug"]
    [note] = featured_notes()
    assert note.text == "The start page is to show products that are not in the shop: DRAFT-1, nothing."
    save_shop(shop=Shop(name="Kiln", featured=lamp.slug))
    assert list(featured_notes()) == []


def test_the_first_screen_is_filled_up_with_what_is_new(client, shop):
    lamp, mug = (Listing.objects.get(title=title).product for title in ("Lamp", "Mug"))
    for product, alt in ((lamp, "A lamp"), (mug, "A mug")):
        make_image(product=product, alt=alt)
    publish([lamp.pk, mug.pk])
    save_shop(shop=Shop(name="Kiln", featured=mug.slug))
    page = client.get("/").content.decode()
    assert re.findall(r'og:image" content="http.*/mug-(\d+)', page) == ["480"]
    hero = page.partition('class="hero__pics"')[2].partition("</section>")[0]
    assert re.findall(r'alt="(.*?)"', hero) == ["A mug", "A lamp"]


@pytest.mark.parametrize("path", ["/products/", "/categories/kitchen/", "/de/categories/kitchen/"])
def test_a_shared_list_shows_its_first_picture(client, shop, django_assert_num_queries, path):
    assert "og:image" not in client.get(path).text
    bowl, mug = (Listing.objects.get(title=title).product for title in ("Bowl", "Mug"))
    make_image(product=mug)
    publish([mug.pk])
    [of_mug] = re.findall(r'<meta property="og:image" content="(.*?)">', client.get(path).text)
    make_image(product=bowl, renditions={"webp": [[480, "img/demo/alder-chair-detail-480.webp"]]})
    publish([bowl.pk])
    client.get("/")  # what a process learns once
    with django_assert_num_queries(2):
        html = client.get(path).text
    [of_bowl] = re.findall(r'<meta property="og:image" content="(.*?)">', html)
    assert of_mug.startswith("http://testserver/static/img/demo/mug-480")
    assert of_bowl.startswith("http://testserver/static/img/demo/alder-chair-detail-480")
    assert '<meta name="twitter:card" content="summary_large_image">' in html
    assert "og:image" not in client.get(f"{path}?available=1").text
