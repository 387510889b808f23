"""The parts around a page are rendered once for many; none of them may say anything that is another page's."""

import re

import pytest

from apps.catalog.models import Category
from apps.catalog.services import save_category
from apps.catalog.tests.factories import make_category, make_variant
from apps.pages import frames
from apps.pages.kept import store
from apps.pages.services import pages_changed

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/products/",
    "/products/?q=%22%3Cb%3E%26mug",
    "/products/?q=" + "x" * 300,
    "/products/?sort=price&page=1",
    "/products/mug/",
    "/de/products/mug/?variant=MUG",
    "/categories/kitchen/",
    "/de/categories/kitchen/",
    "/categories/kitchen/mugs/",
    "/cart/",
    "/de/cart/",
    "/account/login/?next=/cart/",
    "/pages/privacy/",
    "/de/pages/privacy/",
    "/nowhere/",
    "/de/nowhere/?a=b&c=%22",
]


@pytest.fixture
def shop():
    kitchen = make_category(name="Kitchen", slug="kitchen")
    mugs = make_category(name="Mugs", slug="mugs", parent=kitchen)
    make_variant(sku="MUG", product_fields={"category": mugs, "slug": "mug"})


def html_of(client, path):
    html = client.get(path).content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)


def test_every_page_is_what_it_would_be_without_frames(shop, client):
    framed = {path: html_of(client, path) for _ in range(2) for path in [*PAGES, *reversed(PAGES)]}
    assert not any(frames._TOKEN in html for html in framed.values())
    store.forget()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frames, "framed", lambda name, request, context, render: render({}))
        assert {path: html_of(client, path) for path in PAGES} == framed


def test_a_new_name_in_the_menu_is_on_the_next_page(shop, client):
    assert ">Kitchen</a>" in html_of(client, "/products/mug/")
    kitchen = Category.objects.get(slug="kitchen")
    kitchen.name = "Pantry"
    save_category(category=kitchen)
    for path in ("/products/mug/", "/cart/"):
        html = html_of(client, path)
        assert ">Kitchen</a>" not in html
        assert ">Pantry</a>" in html


def test_only_the_page_that_a_menu_leads_to_is_marked_in_it(shop, client):
    marked = {
        path: len(re.findall(r'<a href="/categories/kitchen/" aria-current="page"', html_of(client, path)))
        for path in PAGES
    }
    assert {path for path, n in marked.items() if n} == {"/categories/kitchen/"}


def test_what_was_read_before_a_change_is_not_kept_after_it(rf, db):
    request = rf.get("/")

    def render(stand_in):
        # Meanwhile another request sees the change of a third.
        pages_changed("categories")
        frames.framed("footer", rf.get("/"), {}, lambda stand_in: "new")
        return "old"

    assert frames.framed("header", request, {}, render) == "old"
    assert frames.framed("header", rf.get("/"), {}, lambda stand_in: "new") == "new"
