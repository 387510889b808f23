"""Products and categories with a new address are found by the old one."""

import pytest

from apps.catalog.services import activate_product, archive_product, publish, save_category, save_product
from apps.catalog.tests.factories import make_category, make_variant

pytestmark = pytest.mark.django_db


def test_a_product_is_found_by_its_old_address(client):
    product = make_variant(product_fields={"slug": "mug"}).product
    for slug in ("cup", "beaker"):
        product.slug = slug
        product.save()
        publish([product.pk])
    for old in ("mug", "cup"):
        answer = client.get(f"/products/{old}/?variant=SKU-1")
        assert (answer.status_code, answer.url) == (301, "/products/beaker/?variant=SKU-1")
    assert client.get("/products/cup/?from=mail").url == "/products/beaker/?from=mail"
    assert client.get("/products/beaker/").status_code == 200


def test_a_product_that_was_renamed_while_it_was_not_shown_is_found_by_its_old_address(client):
    product = make_variant(product_fields={"slug": "mug"}).product
    archive_product(product=product)
    product.slug = "cup"
    save_product(product=product)
    activate_product(product=product)
    answer = client.get("/products/mug/")
    assert (answer.status_code, answer.url) == (301, "/products/cup/")
    assert client.get("/products/cup/").status_code == 200


def test_a_draft_that_nobody_has_seen_leaves_no_address(client):
    product = make_variant(active=False, product_fields={"slug": "mug"}).product
    product.slug = "cup"
    save_product(product=product)
    assert client.get("/products/mug/").status_code == 404


def test_a_branch_of_categories_is_found_by_its_old_addresses(client):
    kitchen = make_category(name="Kitchen", slug="kitchen")
    make_category(name="Mugs", slug="mugs", parent=kitchen)
    kitchen.slug = "table"
    save_category(category=kitchen)
    assert client.get("/de/categories/kitchen/?page=2").url == "/de/categories/table/?page=2"
    assert client.get("/categories/kitchen/mugs/").url == "/categories/table/mugs/"
    assert client.get("/categories/table/mugs/").status_code == 200
