"""From a list to a product and back: fetched ahead, and one picture that becomes the other."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("world")]

# What moves as the page is shown for the first time: null if nothing does, a text if the browser gave it up.
COLLECT = """window.revealed = new Promise((revealed) => addEventListener("pagereveal", ({ viewTransition }) => {
  if (!viewTransition) return revealed(null);
  viewTransition.ready.then(
    () => revealed([...new Set(document.getAnimations().map((move) => move.effect.pseudoElement))].filter(Boolean)),
    (error) => revealed(String(error)));
}))"""
# Asked of the page's own observer: a question repeated inside the page would need eval, which its policy forbids.
PAINTED = """new Promise((painted) => new PerformanceObserver((seen) =>
  seen.getEntriesByName("first-contentful-paint").length && painted()).observe({ type: "paint", buffered: true }))"""
GROUP = "::view-transition-group(opened)"


@pytest.fixture
def shop_page(new_page):
    def open_page(**options):
        page = new_page(viewport={"width": 1440, "height": 900}, **options)
        page.add_init_script(COLLECT)
        return page

    return open_page


def moved_parts(page):
    """What moves when the first product with a picture is opened from the list."""
    page.goto("/products/")
    # A browser moves nothing from a page that it has not painted yet; nobody clicks there so soon.
    page.evaluate(PAINTED)
    expect(page.locator(".card img").first).to_have_js_property("complete", True)
    page.locator(".card:has(img) a").first.click()
    page.wait_for_url("**/products/*/")
    return page.evaluate("revealed") or []


def test_the_picture_of_a_card_becomes_that_of_its_product(shop_page):
    page = shop_page(reduced_motion="no-preference")
    # A busy browser may paint a page before it has read as far as the picture, though the page asks it to wait.
    assert any(GROUP in moved_parts(page) for _ in range(4))


def test_a_product_asks_to_be_painted_with_its_first_picture(shop_page):
    page = shop_page()
    page.goto("/products/")
    page.locator(".card:has(img) a").first.click()
    page.wait_for_url("**/products/*/")
    expect(page.locator("head link[rel=expect][blocking=render]")).to_have_attribute("href", "#picture-1")
    expect(page.locator("#picture-1 img")).to_be_visible()


def test_who_prefers_less_motion_sees_none(shop_page):
    page = shop_page(reduced_motion="reduce")
    page.goto("/products/")
    page.locator(".card a").nth(1).click()
    page.wait_for_url("**/products/*/")
    assert page.evaluate("revealed") is None


def test_a_product_is_fetched_when_the_pointer_rests_on_it_and_a_search_is_not(shop_page):
    page = shop_page()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Preload.enable")
    fetched = []
    devtools.on("Preload.prefetchStatusUpdated", lambda said: fetched.append(said["prefetchUrl"]))
    page.goto("/products/?q=trial")
    page.locator(".chips a").nth(1).hover()
    page.wait_for_timeout(600)
    assert fetched == []
    link = page.locator(".card a").first
    link.hover()
    for _ in range(50):
        if fetched:
            break
        page.wait_for_timeout(100)
    assert set(fetched) == {page.evaluate("link => link.href", link.element_handle())}
