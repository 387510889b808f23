"""Products and categories with a new address are found by the old one."""

import pytest

from apps.catalog.services import publish, save_category
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
    assert client.get("/products/beaker/").status_code == 200


def test_a_branch_of_categories_is_found_by_its_old_addresses(client):
    kitchen = make_category(name="Kitchen", slug="kitchen")
    make_category(name="Mugs", slug="mugs", parent=kitchen)
    kitchen.slug = "table"
    save_category(category=kitchen)
    assert client.get("/de/categories/kitchen/?page=2").url == "/de/categories/table/?page=2"
    assert client.get("/categories/kitchen/mugs/").url == "/categories/table/mugs/"
    assert client.get("/categories/table/mugs/").status_code == 200
