"""What a first visit costs, what search engines are told, and the order on paper."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import touch
from tests.browser.test_purchase import add_and_go_to_checkout

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("world")]

MOST_BYTES, MOST_REQUESTS = 30_000, 8
VISITS = ["/", "/products/", "/products/vesper-lamp/"]


@pytest.mark.parametrize("path", VISITS)
def test_a_first_visit_is_light(path, new_page, record_property, capsys):
    """As served over the wire, pictures and fonts apart; the pictures in view count as requests, lazy ones do not."""
    page = new_page(viewport={"width": 1440, "height": 900})
    finished = []
    page.on("requestfinished", lambda request: finished.append(request))
    page.goto(path, wait_until="load")

    sizes = {request.url: request.sizes() for request in finished if request.resource_type not in {"image", "font"}}
    weights = {url: size["responseBodySize"] + size["responseHeadersSize"] for url, size in sizes.items()}

    lazy = page.locator("img[loading=lazy]").evaluate_all("images => images.map((image) => image.currentSrc)")
    first = [request.url for request in finished if request.url not in lazy]

    record_property("bytes of a first visit", sum(weights.values()))
    record_property("requests before lazy pictures", len(first))
    with capsys.disabled():
        print(f" [{path}: {sum(weights.values())} bytes, {len(first)} requests]", end="")
    assert sum(weights.values()) <= MOST_BYTES, weights
    assert len(first) <= MOST_REQUESTS, first


@pytest.mark.parametrize("path", VISITS)
def test_a_page_that_nobody_touches_asks_for_nothing_more(path, new_page):
    page = new_page()
    page.goto(path)
    assert page.evaluate("window.htmx === undefined")
    touch(page)
    assert page.evaluate("window.htmx !== undefined")


@pytest.mark.parametrize("press", ["click", "Enter"])
def test_what_is_pressed_before_the_scripts_are_there_waits_for_them(press, new_page):
    """A finger or a screen reader presses without any sign before it: no movement, no focus."""
    page = new_page()
    page.goto("/products/trial-mug/")
    if press == "click":
        page.get_by_test_id("add-to-cart").evaluate("button => button.click()")
    else:
        page.get_by_label("Quantity", exact=True).press("Enter")
    expect(page.locator("#cart-drawer").get_by_test_id("cart-line")).to_be_visible()
    assert page.url.endswith("/products/trial-mug/")


def test_without_the_later_scripts_what_is_pressed_goes_the_way_of_the_page(new_page):
    page = new_page()
    page.route("**/htmx-2.min*.js", lambda route: route.abort())
    page.goto("/products/trial-mug/")
    page.get_by_test_id("add-to-cart").click()
    page.wait_for_url("**/cart/")
    expect(page.get_by_test_id("cart-line")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/products/", "/products/trial-mug/", "/categories/tableware/", "/pages/terms/"])
def test_search_engines_may_keep(path, page):
    page.goto(path)
    expect(page.locator('meta[name="robots"]')).to_have_count(0)
    expect(page.locator('link[rel="canonical"]')).to_have_count(1)
    assert page.locator("title").inner_text()
    assert page.locator('meta[name="description"]').get_attribute("content")


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/cart/", "stranger"),
        ("/orders/", "stranger"),
        ("/account/", "customer"),
        ("/account/addresses/", "customer"),
        ("/account/login/", "stranger"),
        ("/orders/{order[paid]}/", "customer"),
    ],
)
def test_search_engines_leave_alone(path, role, page_of, world):
    page = page_of(role)
    page.goto(path.format(**world))
    assert "noindex" in page.locator('meta[name="robots"]').get_attribute("content")


def test_search_engines_leave_the_checkout_alone(page):
    page.goto("/products/trial-mug/")
    add_and_go_to_checkout(page)
    assert "noindex" in page.locator('meta[name="robots"]').get_attribute("content")


def test_an_order_prints_without_the_shop_around_it(page_of, world):
    page = page_of("customer")
    page.goto(f"/orders/{world['order']['paid']}/")
    page.emulate_media(media="print")
    try:
        for hidden in [".site-header", ".site-footer", ".no-print >> nth=0"]:
            expect(page.locator(hidden).first).to_be_hidden()
        for shown in [page.get_by_test_id("order-ref"), page.locator(".totals__sum"), page.locator("address").first]:
            expect(shown).to_be_visible()
    finally:
        page.emulate_media(media="screen")
