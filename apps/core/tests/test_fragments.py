import pytest
from django.http import HttpResponse, HttpResponseRedirect
from django_htmx.middleware import HtmxMiddleware

from apps.core.fragments import FragmentMiddleware, FragmentMixin


def swap(rf, response, **headers):
    request = rf.get("/", headers={"HX-Request": "true", "HX-Target": "cart", **headers})
    request._messages = []
    return HtmxMiddleware(FragmentMiddleware(lambda request: response))(request)


def test_a_redirect_of_a_swap_becomes_a_navigation_and_keeps_its_cookies(rf):
    redirect = HttpResponseRedirect("/orders/")
    redirect.set_cookie("stoa_guest", "key")
    response = swap(rf, redirect)
    assert (response.status_code, response["HX-Redirect"], response.content) == (204, "/orders/", b"")
    assert response.cookies["stoa_guest"].value == "key"


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_a_boosted_or_restored_page_is_redirected_as_any_page(rf, header):
    response = swap(rf, HttpResponseRedirect("/orders/"), **{header: "true"})
    assert (response.status_code, response["Location"]) == (302, "/orders/")


class Page:
    """What a generic view gives the mixin."""

    template_name = "shop/page.html"

    def get_template_names(self):
        return [self.template_name]


class CartPage(FragmentMixin, Page):
    fragments = {"cart": "cart-swap"}

    def __init__(self, request):
        self.request = request


@pytest.mark.parametrize(
    ("headers", "template"),
    [
        ({}, "shop/page.html"),
        ({"HX-Request": "true", "HX-Target": "cart"}, "shop/page.html#cart-swap"),
        ({"HX-Request": "true", "HX-Target": "secret-part"}, "shop/page.html"),
        ({"HX-Request": "true"}, "shop/page.html"),
        ({"HX-Request": "true", "HX-Target": "cart", "HX-Boosted": "true"}, "shop/page.html"),
        ({"HX-Request": "true", "HX-Target": "cart", "HX-History-Restore-Request": "true"}, "shop/page.html"),
    ],
)
def test_the_server_decides_which_part_is_sent(rf, headers, template):
    request = rf.get("/", headers=headers)
    HtmxMiddleware(lambda request: HttpResponse())(request)
    assert CartPage(request).get_template_names() == [template]
