import json

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.urls import resolve
from django.views.decorators.csp import csp_override

from apps.catalog.speculation import SpeculationMiddleware
from apps.catalog.tests.factories import make_variant

pytestmark = pytest.mark.django_db

RULES = '"/speculation-rules.json"'


def test_the_rules_name_products_and_categories_in_every_language_and_nothing_personal(client):
    response = client.get("/speculation-rules.json")
    assert response["Content-Type"] == "application/speculationrules+json"
    assert response["Cache-Control"] == "public, max-age=86400"
    [prefetch] = json.loads(response.content)["prefetch"]
    places, *excluded = prefetch["where"]["and"]
    assert places == {"href_matches": ["/products/*", "/categories/*", "/de/products/*", "/de/categories/*"]}
    assert excluded == [
        {"not": {"href_matches": "/*\\?(.+)"}},
        {"not": {"selector_matches": "[rel~=nofollow]"}},
    ]
    assert prefetch["eagerness"] == "moderate"


def test_pages_of_the_shop_name_the_rules_fragments_and_the_admin_do_not(client):
    make_variant(product_fields={"slug": "mug"})
    for page in ("/", "/products/", "/de/products/mug/", "/cart/", "/account/login/"):
        assert client.get(page)["Speculation-Rules"] == RULES
    fragment = client.get("/products/", headers={"HX-Request": "true", "HX-Target": "results"})
    assert not fragment.has_header("Speculation-Rules")
    assert not client.get("/robots.txt").has_header("Speculation-Rules")
    assert not client.get("/products/none/").has_header("Speculation-Rules")
    client.force_login(get_user_model().objects.create_superuser(email="staff@example.com", password="x"))
    assert not client.get("/admin/").has_header("Speculation-Rules")


def test_a_page_with_a_policy_of_its_own_does_not_name_them(rf):
    def page(request):
        return HttpResponse("<p>A mail</p>")

    request = rf.get("/products/")
    request.resolver_match = resolve("/products/")

    assert SpeculationMiddleware(page)(request)["Speculation-Rules"] == RULES
    apart = csp_override({"default-src": ["'none'"]})(page)
    assert not SpeculationMiddleware(apart)(request).has_header("Speculation-Rules")


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "cart-panel"}])
def test_a_change_makes_the_browser_forget_what_it_fetched_ahead(client, headers):
    mug = make_variant(on_hand=3)
    added = client.post("/cart/lines/", {"sku": mug.sku, "quantity": "1"}, headers=headers)
    assert added["Clear-Site-Data"] == '"prefetchCache"'
    assert not client.get("/cart/").has_header("Clear-Site-Data")
