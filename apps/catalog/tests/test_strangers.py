"""Kept pages for visitors without a cookie of ours: answered before the view, and like the view's own answer."""

import re

import pytest
from django.test import Client

from apps.catalog.services import publish
from apps.catalog.tests.factories import make_category, make_variant
from apps.pages.kept import KeptPageMixin

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

PAGES = ["/", "/products/", "/products/?sort=price", "/categories/kitchen/", "/products/mug/", "/de/products/mug/"]
SWAP = {"HX-Request": "true", "HX-Target": "results"}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


@pytest.fixture
def mug():
    kitchen = make_category(name="Kitchen", slug="kitchen")
    return make_variant(title="Mug", sku="MUG", price=1500, product_fields={"category": kitchen, "slug": "mug"})


@pytest.fixture
def asked(monkeypatch):
    """The addresses for which a view was asked, in their order."""
    addresses = []
    real = KeptPageMixin.dispatch

    def dispatch(self, request, *args, **kwargs):
        addresses.append(request.get_full_path())
        return real(self, request, *args, **kwargs)

    monkeypatch.setattr(KeptPageMixin, "dispatch", dispatch)
    return addresses


def seen(response):
    """All of an answer but what is drawn anew each time."""
    cookies = {name: {**cookie, "expires": ""} for name, cookie in response.cookies.items()}
    headers = {name: value for name, value in response.headers.items() if name != "ETag"}
    return response.status_code, headers, cookies, TOKEN.sub("", response.content.decode())


@pytest.mark.parametrize("page", PAGES)
def test_the_view_is_asked_once_and_all_strangers_get_its_answer(mug, asked, page):
    made, kept, third = (Client().get(page) for _ in range(3))
    assert asked == [page]
    assert seen(made) == seen(kept) == seen(third)


def test_each_stranger_gets_a_token_and_its_cookie(mug, asked):
    tokens, cookies = [], []
    for _ in range(3):
        client = Client()
        tokens += TOKEN.findall(client.get("/products/mug/").content.decode())
        cookies.append(client.cookies["csrftoken"].value)
    assert len(set(tokens)) == len(set(cookies)) == 3
    assert asked == ["/products/mug/"]


def test_the_token_of_a_page_that_no_view_made_buys(mug):
    Client().get("/products/mug/")
    client = Client(enforce_csrf_checks=True)
    token = TOKEN.search(client.get("/products/mug/").content.decode())[0].split('"')[3]
    sent = {"sku": "MUG", "quantity": "1"}
    assert client.post("/cart/lines/", sent).status_code == 403
    assert client.post("/cart/lines/", {**sent, "csrfmiddlewaretoken": token}).status_code == 303


def test_who_has_a_cookie_of_ours_is_asked_about(mug, asked, django_user_model):
    for _ in range(2):
        Client().get("/products/")
    buyer, member = Client(), Client()
    buyer.post("/cart/lines/", {"sku": "MUG", "quantity": "3"})
    member.force_login(django_user_model.objects.create_user(email="ada@example.com", password="pw", full_name="Ada"))
    assert 'data-count="3"' in buyer.get("/products/").content.decode()
    assert "Ada" in member.get("/products/").content.decode()
    assert 'data-count="0"' in Client().get("/products/").content.decode()
    assert asked == ["/products/"] * 3


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("/products/?utm_source=mail", {}),
        ("/products/", {"HX-Request": "true", "HX-Target": "nothing-of-ours"}),
        ("/products/", {"HX-Request": "true"}),
        ("/products/", {"HX-Request": "true", "HX-Target": "results", "HX-Boosted": "true"}),
        ("/products/", {"HX-Request": "true", "HX-Target": "results", "HX-History-Restore-Request": "true"}),
        ("/products/", {"HX-Request": "yes", "HX-Target": "results"}),
    ],
)
def test_what_only_a_view_can_tell_is_asked_of_it(mug, asked, address, headers):
    for _ in range(2):
        Client().get("/products/")
    for _ in range(2):
        assert Client().get(address, headers=headers).status_code == 200
    assert asked == ["/products/", address, address]


def test_a_swap_is_answered_without_the_view_as_well(mug, asked):
    page = Client().get("/products/?sort=price").content.decode()
    made, kept = (Client().get("/products/?sort=price", headers=SWAP) for _ in range(2))
    assert asked == ["/products/?sort=price"] * 2
    assert seen(made) == seen(kept)
    assert ("<html" in page, "<html" in kept.content.decode()) == (True, False)
    assert kept["HX-Push-Url"] == "/products/?sort=price"


def test_a_browser_that_has_the_page_is_told_so_without_the_view(mug, asked):
    etag = Client().get("/products/")["ETag"]
    again = Client().get("/products/", headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert again["Cache-Control"] == "private, no-cache"
    assert again["Vary"].endswith(", Cookie")
    assert asked == ["/products/"]


def test_a_change_is_on_the_next_answer(mug):
    for _ in range(2):
        Client().get("/products/mug/")
    mug.price = 1234
    mug.save(update_fields=["price"])
    publish([mug.product_id])
    assert "€12.34" in Client().get("/products/mug/").content.decode()


def test_a_host_that_is_not_ours_is_refused_a_kept_page_as_well(mug):
    for _ in range(2):
        Client().get("/products/")
    assert Client().get("/products/", SERVER_NAME="evil.example").status_code == 400


def test_in_debug_the_view_is_asked_each_time(mug, asked, settings):
    settings.DEBUG = True
    for _ in range(3):
        Client().get("/products/")
    assert asked == ["/products/"] * 3
