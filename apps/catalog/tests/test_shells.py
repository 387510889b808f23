"""What is around a page is rendered once for many; nothing in it may be another page's."""

import re

import pytest
from django.template import engines

from apps.catalog.models import Category
from apps.catalog.services import save_category
from apps.catalog.tests.factories import make_category, make_variant
from apps.pages import shells
from apps.pages.kept import store
from apps.pages.models import Shop
from apps.pages.services import pages_changed
from apps.pages.templatetags.shell import ShellNode

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


def test_every_page_is_what_it_would_be_without_shells(shop, client):
    pages = {path: html_of(client, path) for _ in range(2) for path in [*PAGES, *reversed(PAGES)]}
    assert not any(shells._TOKEN in html for html in pages.values())
    store.forget()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ShellNode, "render", ShellNode.render_plainly)
        assert {path: html_of(client, path) for path in PAGES} == pages


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


def test_a_shell_has_the_language_and_the_name_of_the_shop(shop, client, settings):
    english, german = html_of(client, "/products/"), html_of(client, "/de/products/")
    assert '<html lang="en">' in english
    assert '<html lang="de">' in german
    assert "· Stoa</title>" in english
    settings.SHOP_NAME = "Agora"
    store.forget()
    assert "· Agora</title>" in html_of(client, "/products/")
    row = Shop.from_settings()
    row.name = "Forum"
    row.save()
    pages_changed("shop")
    assert "· Forum</title>" in html_of(client, "/products/")
    assert "· Forum</title>" in html_of(client, "/de/products/")


def test_a_shell_knows_nothing_of_the_page_that_it_was_rendered_for(rf, db):
    extended = "{% extends 'base.html' %}{% block body_class %}of {{ visitor }}{% endblock %}"
    page = engines["django"].from_string(extended + "{% block main %}{{ visitor }}{% endblock %}")
    for visitor in ("Ada", "Grace"):
        html = page.render({"visitor": visitor}, rf.get("/", {"q": visitor}))
        assert f'<main id="main" tabindex="-1">{visitor}</main>' in html
        assert '<body class="of ">' in html
        assert f' name="q" value="{visitor}"' in html


def test_what_was_read_before_a_change_is_not_kept_after_it(rf, db):
    request = rf.get("/")

    def render(stand_in):
        # Meanwhile another request sees the change of a third.
        pages_changed("categories")
        shells.shell("other", rf.get("/"), lambda stand_in: "new")
        return "old"

    assert shells.shell("one", request, render).pieces == ["old"]
    assert shells.shell("one", rf.get("/"), lambda stand_in: "new").pieces == ["new"]
