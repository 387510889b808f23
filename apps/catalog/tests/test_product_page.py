import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.utils import translation

from apps.catalog.models import Product
from apps.catalog.selectors import product_page
from apps.catalog.selectors.bodies import around_product
from apps.catalog.services import archive_product, publish
from apps.catalog.tests.factories import make_category, make_image, make_product, make_variant
from apps.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

FRAGMENT = {"HX-Request": "true", "HX-Target": "product"}


@pytest.fixture
def shirt():
    """Two options with a hole: there is no moss shirt in L."""
    moss = make_variant(title="Shirt", sku="MOSS-S", price=2500, options={"Colour": "Moss", "Size": "S"})
    product = moss.product
    make_variant(product=product, sku="CLAY-S", price=2600, options={"Colour": "Clay", "Size": "S"})
    make_variant(product=product, sku="CLAY-L", price=2700, on_hand=0, options={"Colour": "Clay", "Size": "L"})
    return product


def choices(response, option):
    [found] = [found for found in response.context["page"].options if found.name == option]
    return {choice.label: (choice.sku, choice.current, choice.exact, choice.can_sell) for choice in found.choices}


def test_the_first_variant_to_be_had_is_selected(client, shirt):
    response = client.get(f"/products/{shirt.slug}/")
    assert response.context["selected"].sku == "MOSS-S"
    assert "€25.00" in response.content.decode()


def test_the_address_selects_a_variant(client, shirt):
    response = client.get(f"/products/{shirt.slug}/?variant=CLAY-L")
    assert response.context["selected"].sku == "CLAY-L"
    assert 'data-testid="sold-out"' in response.content.decode()
    assert 'data-testid="add-to-cart"' not in response.content.decode()


@pytest.mark.parametrize("sku", ["", "NONE", "%00", "%ff", "x" * 5000])
def test_an_unknown_variant_is_harmless(client, shirt, sku):
    response = client.get(f"/products/{shirt.slug}/?variant={sku}")
    assert (response.status_code, response.context["selected"].sku) == (200, "MOSS-S")


def test_each_value_leads_to_the_variant_that_differs_in_it_or_to_the_nearest(client, shirt):
    response = client.get(f"/products/{shirt.slug}/?variant=MOSS-S")
    assert choices(response, "Colour") == {"Moss": ("MOSS-S", True, True, True), "Clay": ("CLAY-S", False, True, True)}
    assert choices(response, "Size") == {"S": ("MOSS-S", True, True, True), "L": ("CLAY-L", False, False, False)}


def test_what_is_sold_out_looks_different_from_what_does_not_exist(client, shirt):
    text = client.get(f"/products/{shirt.slug}/?variant=MOSS-S").content.decode()
    assert 'class="pill pill--gone" id="choice-2-2"' in text  # moss in L: leads to clay
    text = client.get(f"/products/{shirt.slug}/?variant=CLAY-S").content.decode()
    assert 'class="pill pill--out" id="choice-2-2"' in text


def test_the_safety_block_says_who_made_it_and_what_to_mind(client, shirt):
    assert "Product safety" not in client.get(f"/products/{shirt.slug}/").content.decode()
    shirt.maker_details, shirt.eu_contact = "Loom Ltd.\n1 Mill Lane, Leeds", "Stoa GmbH\nBerlin"
    shirt.safety_notes, shirt.translations = "Keep from <fire>.", {"de": {"safety_notes": "Von Feuer fernhalten."}}
    shirt.save()
    publish([shirt.pk])
    text = client.get(f"/products/{shirt.slug}/").content.decode()
    assert "<p>Loom Ltd.<br>1 Mill Lane, Leeds</p>" in text
    assert "<p>Stoa GmbH<br>Berlin</p>" in text
    assert "Keep from &lt;fire&gt;." in text
    assert "Von Feuer fernhalten." in client.get(f"/de/products/{shirt.slug}/").content.decode()


def test_choosing_is_a_link_that_htmx_swaps(client, shirt):
    page = client.get(f"/products/{shirt.slug}/").content.decode()
    assert f'href="/products/{shirt.slug}/?variant=CLAY-S"' in page
    fragment = client.get(f"/products/{shirt.slug}/?variant=CLAY-S", headers=FRAGMENT)
    assert fragment.content.decode().lstrip().startswith('<article class="product" id="product">')
    assert "<html" not in fragment.content.decode()
    assert "HX-Request" in fragment["Vary"]
    assert "€26.00" in fragment.content.decode()


def test_a_variant_shows_its_own_pictures_before_those_of_all(client, shirt):
    make_image(product=shirt, alt="All")
    make_image(product=shirt, alt="Clay", variant=shirt.variants.get(sku="CLAY-S"))
    alts = [spec["alt"][""] for spec in client.get(f"/products/{shirt.slug}/?variant=CLAY-S").context["page"].pictures]
    assert alts == ["Clay", "All"]
    alts = [spec["alt"][""] for spec in client.get(f"/products/{shirt.slug}/?variant=MOSS-S").context["page"].pictures]
    assert alts == ["All"]


def test_the_gallery_opens_its_largest_file_and_brings_an_empty_dialog(client, shirt):
    make_image(product=shirt, alt="One")
    make_image(product=shirt, alt="Two")
    html = client.get(f"/products/{shirt.slug}/").content.decode()
    assert html.count('<a class="gallery__zoom" href="/static/img/demo/mug-480.webp">') == 2
    assert html.count('<dialog class="zoom"') == 1
    assert html.count("<picture>") == 2


def test_a_swap_says_what_was_chosen_and_a_page_does_not(client, shirt):
    swapped = client.get(f"/products/{shirt.slug}/?variant=CLAY-L", headers=FRAGMENT).content.decode()
    [said] = re.findall(r'<p id="chosen" hx-swap-oob="innerHTML">\s*(.*?)\s*</p>', swapped, re.S)
    assert said == "Clay / L: €27.00, Sold out"
    page = client.get(f"/products/{shirt.slug}/?variant=CLAY-L").content.decode()
    assert "hx-swap-oob" not in page
    assert '<p class="sr" role="status" id="chosen"></p>' in page


def test_what_the_browser_remembers_comes_as_cards_in_its_order(client, django_assert_num_queries):
    first, second = (make_variant(title=title).product for title in ("Mug", "Bowl"))
    hidden = make_variant(title="Draft", active=False).product
    slugs = f"{second.slug},missing,{hidden.slug},{first.slug},{second.slug},<script>,a%00b"
    recent = {"HX-Request": "true", "HX-Target": "recent"}
    with django_assert_num_queries(1):
        fragment = client.get(f"/recently-viewed/?slugs={slugs}", headers=recent).content.decode()
    assert re.findall(r'href="/products/([^"]+)/"', fragment) == [second.slug, first.slug]
    assert "<html" not in fragment and "<script" not in fragment
    assert client.get("/recently-viewed/?slugs=", headers=recent).content.decode().strip() == ""
    many = ",".join(make_variant(title="Cup").product.slug for _ in range(9))
    assert client.get(f"/recently-viewed/?slugs={many}", headers=recent).content.decode().count("<li") == 8


def test_a_picture_offers_both_formats_in_every_width(client, shirt):
    make_image(product=shirt, alt="A <shirt>")
    html = client.get(f"/products/{shirt.slug}/").content.decode()
    assert 'srcset="/static/img/demo/mug-320.avif 320w, /static/img/demo/mug-640.avif 640w"' in html
    assert 'srcset="/static/img/demo/mug-480.webp 480w"' in html
    assert 'alt="A &lt;shirt&gt;"' in html


def test_a_price_on_request_can_be_seen_but_not_bought(client):
    table = make_variant(title="Table", price=None)
    html = client.get(f"/products/{table.product.slug}/").content.decode()
    assert "Price on request" in html
    assert 'data-testid="add-to-cart"' not in html


def test_a_back_order_can_be_bought(client):
    lamp = make_variant(title="Lamp", on_hand=0, backorder=True)
    html = client.get(f"/products/{lamp.product.slug}/").content.decode()
    assert "Made to order" in html
    assert 'data-testid="add-to-cart"' in html


def test_few_pieces_are_said(client):
    lamp = make_variant(on_hand=3)
    assert "Only 3 left" in client.get(f"/products/{lamp.product.slug}/").content.decode()


def test_a_product_without_variants_still_has_a_page(client):
    product = make_product()
    assert client.get(f"/products/{product.slug}/").status_code == 200


def test_the_page_speaks_the_visitors_language(client, shirt):
    shirt.translations = {"de": {"title": "Hemd", "description": "<p>Aus Leinen.</p>"}}
    shirt.save()
    publish([shirt.pk])
    html = client.get(f"/de/products/{shirt.slug}/").content.decode()
    translation.activate("en")
    assert "<h1>Hemd</h1>" in html
    assert "<p>Aus Leinen.</p>" in html
    assert "25,00\xa0€" in html


@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_a_draft_an_archived_and_a_missing_product_are_not_found(client, shirt, headers):
    draft = make_variant(active=False).product
    archive_product(product=shirt)
    for slug in (draft.slug, shirt.slug, "missing"):
        assert client.get(f"/products/{slug}/", headers=headers).status_code == 404
        assert client.get(f"/products/{slug}/?preview=1", headers=headers).status_code == 404


def test_staff_who_may_see_products_can_look_at_a_draft(client):
    draft = make_variant(title="Draft", active=False).product
    clerk = User.objects.create_user(email="clerk@example.com", password="x", is_staff=True)
    client.force_login(clerk)
    assert client.get(f"/products/{draft.slug}/?preview=1").status_code == 404
    clerk.user_permissions.add(Permission.objects.get(codename="view_product"))
    html = client.get(f"/products/{draft.slug}/?preview=1").content.decode()
    assert "This is a preview" in html
    assert '<meta name="robots" content="noindex">' in html
    assert 'data-testid="add-to-cart"' not in html


def test_a_customer_can_not_preview(client):
    draft = make_variant(active=False).product
    client.force_login(User.objects.create_user(email="anna@example.com", password="x"))
    assert client.get(f"/products/{draft.slug}/?preview=1").status_code == 404


def test_related_products_are_of_the_same_category(client):
    kitchen = make_category(slug="kitchen")
    first, second = (make_variant(title=title, product_fields={"category": kitchen}) for title in ("Mug", "Bowl"))
    make_variant(title="Lamp")
    response = client.get(f"/products/{first.product.slug}/")
    related = re.findall(r'<h3 class="card__title"><a href="([^"]*)"', response.content.decode())
    assert related == [second.product.get_absolute_url()]


def test_what_is_bought_with_it_comes_first_and_is_not_shown_twice(client, django_assert_num_queries):
    kitchen = make_category(slug="kitchen")
    mug, bowl, lamp, draft = (
        make_variant(title=title, active=title != "Draft", product_fields={"category": category}).product
        for title, category in (("Mug", kitchen), ("Bowl", kitchen), ("Lamp", None), ("Draft", None))
    )
    Product.objects.filter(pk=mug.pk).update(companions=[lamp.pk, draft.pk, bowl.pk])
    plate = make_variant(title="Plate", product_fields={"category": kitchen}).product
    with django_assert_num_queries(1):
        around = around_product(mug.slug)
    found = around.bought_together([lamp.pk, draft.pk, bowl.pk])
    assert [card.listing_id for card in found] == [lamp.pk, bowl.pk]
    assert [card.listing_id for card in around.related] == [plate.pk]
    assert "Often bought together" in client.get(f"/products/{mug.slug}/").content.decode()
    assert "Often bought together" not in client.get(f"/products/{plate.slug}/").content.decode()


def test_every_product_is_read_by_the_same_statements():
    kitchen = make_category(slug="kitchen")
    mug, bowl = (make_variant(product_fields={"category": kitchen}).product for _ in range(2))
    Product.objects.filter(pk=mug.pk).update(companions=[bowl.pk])
    wordings = {mug: [], bowl: []}
    for product, said in wordings.items():
        with connection.execute_wrapper(lambda execute, sql, *rest, said=said: said.append(sql) or execute(sql, *rest)):
            around_product(product.slug)
            product_page(product.slug)
    assert len(wordings[mug]) == 2
    assert wordings[mug] == wordings[bowl]


def test_the_page_costs_the_same_queries_for_one_variant_and_for_24(client, django_assert_num_queries):
    kitchen = make_category(slug="kitchen")
    product = make_variant(options={"Size": "0"}, product_fields={"category": kitchen}).product
    make_image(product=product)
    client.get(f"/de/products/{product.slug}/")  # what a process learns once
    with django_assert_num_queries(3):
        client.get(f"/products/{product.slug}/")
    for number in range(1, 24):
        variant = make_variant(product=product, options={"Size": str(number)})
        make_image(product=product, variant=variant)
        make_variant(product_fields={"category": kitchen})
    client.get(f"/de/products/{product.slug}/")
    with django_assert_num_queries(3):
        client.get(f"/products/{product.slug}/")
