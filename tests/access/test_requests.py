"""Unsafe requests need the form's token; safe ones change nothing; every answer carries the headers that guard it."""

import pytest
from django.conf import settings
from django.test import Client, override_settings

from apps.users.tests.factories import PASSWORD
from tests.access.table import ACCOUNT, ADMIN, ROWS, SHOP
from tests.access.world import counts

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# Files for machines, which hold nothing of a visitor.
SAME_FOR_ALL = {
    "robots", "media", "speculation-rules", "sitemap", "sitemap-pages", "sitemap-products", "feed-google",
    "feed-google-in", "llms",
}  # fmt: skip
# Opening a link grants its order to this browser: what the link is for.
WRITES_ON_GET = {"orders:guest-link"}


@pytest.fixture
def strict(world):
    """The owner's and the manager's browsers, where the form's token is checked."""
    browsers = {}
    for role in ("guest", "owner", "manager"):
        browsers[role] = Client(enforce_csrf_checks=True, raise_request_exception=False)
        browsers[role].cookies = world.clients[role].cookies.copy()
    return browsers


@pytest.mark.parametrize("row", [row for row in ROWS if not row.name.endswith("-webhook")], ids=lambda r: r.name)
def test_an_unsafe_request_without_a_token_is_refused(row, world, strict):
    path = row.path.format(**vars(world.rows))
    for role, client in strict.items():
        if role == "guest" and row in ADMIN:
            continue  # the walk says that a guest goes to sign-in
        # The token is asked for before anything else of a request, so one browser tries every method.
        for method in UNSAFE if role == "owner" else ["POST"]:
            response = client.generic(method, path, content_type="application/x-www-form-urlencoded")
            signs_in_first = role == "guest" and response.status_code == 302 and "/account/login/" in response.url
            assert response.status_code == 403 or signs_in_first, (role, method)


def test_a_webhook_needs_a_signature_instead(world):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/payments/sandbox/webhook/", b"{}", content_type="application/json").status_code == 400
    # There is no secret to check one by.
    assert client.post("/payments/stripe/webhook/", b"{}", content_type="application/json").status_code == 503


@pytest.mark.one_database("both")
@pytest.mark.parametrize("role", ["guest", "stranger", "owner", "manager"])
def test_reading_opens_every_page_and_changes_nothing(role, world):
    client = world.clients[role]
    before, known = counts(), client.cookies.copy()
    for row in ROWS:
        if row.name not in WRITES_ON_GET:
            path = row.path.format(**vars(world.rows))
            assert {client.get(path).status_code, client.head(path).status_code} < set(range(500)), row.name
    client.cookies = known
    assert counts() == before


def test_a_visit_to_the_shop_sets_no_cookie(world):
    client = Client()
    for path in ("/", "/products/", "/categories/tableware/", "/pages/imprint/", "/robots.txt", "/cart/"):
        client.get(path)
    assert set(client.cookies) <= {settings.CSRF_COOKIE_NAME}


# --- Headers.

ANSWERS = [
    ("/", {}, 200),
    ("/products/", {"HX-Request": "true", "HX-Target": "results"}, 200),
    ("/cart/", {"HX-Request": "true", "HX-Target": "cart-panel"}, 200),
    ("/products/nothing/", {}, 404),
    ("/nothing/at/all/", {}, 404),
    ("/media/nothing.png", {}, 404),
    ("/static/css/stoa.css", {}, 200),
    ("/account/", {}, 302),
    ("/payments/sandbox/webhook/", {}, 405),
    ("/", {"Host": "evil.example"}, 400),
    ("/", {"Content-Type": "text/plain; charset=utf-16"}, 400),
]


@pytest.mark.parametrize(("path", "headers", "status"), ANSWERS)
def test_every_answer_is_guarded(path, headers, status, world):
    response = Client(raise_request_exception=False).get(path, headers=headers)
    assert response.status_code == status
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "nonce" not in policy


def test_a_broken_page_is_guarded_too_and_says_nothing_of_the_inside(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the secret of the inside")

    monkeypatch.setattr("apps.catalog.views.HomeView.get_context_data", fail)
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500
    assert "default-src 'none'" in response["Content-Security-Policy"]
    text = response.content.decode()
    for inside in ("Traceback", "RuntimeError", "secret of the inside", "apps/catalog", "Django"):
        assert inside not in text


@pytest.mark.parametrize("row", [row for row in [*SHOP, *ACCOUNT] if "200" in row.get], ids=lambda row: row.name)
def test_pages_of_one_person_are_kept_by_no_cache_between(row, world):
    response = world.ask("owner", "GET", row.path.format(**vars(world.rows)))
    kept = response.get("Cache-Control", "")
    if row.name in SAME_FOR_ALL:
        return
    assert "public" not in kept
    # A page with the visitor's name or token in it says so; without a header a shared cache might keep it.
    if response.status_code == 200:
        assert "private" in kept or "no-store" in kept, kept


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(world):
    client = Client()
    client.post("/cart/lines/", {"sku": "WALK-1", "quantity": "1"})
    client.get("/account/login/")
    client.post("/account/login/", {"login": world.rows.owner.email, "password": PASSWORD})
    expected = {settings.GUEST_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME}
    assert expected <= set(client.cookies)
    for name in expected:
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")


@override_settings(
    SITE_IS_SECURE=True,
    GUEST_COOKIE_NAME="__Host-stoa_guest",
    CSRF_COOKIE_NAME="__Host-csrftoken",
    CSRF_COOKIE_SECURE=True,
    SESSION_COOKIE_NAME="__Host-sessionid",
    SESSION_COOKIE_SECURE=True,
)
def test_under_https_cookies_are_bound_to_the_host(world):
    client = Client()
    client.post("/cart/lines/", {"sku": "WALK-1", "quantity": "1"}, secure=True)
    client.get("/account/login/", secure=True)
    names = {name for name in client.cookies if name.startswith("__Host-")}
    assert names == {"__Host-stoa_guest", "__Host-csrftoken"}
    for name, cookie in client.cookies.items():
        if not cookie.value:
            continue  # taken back
        assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", ""), name
