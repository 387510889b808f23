"""The purchase in a browser: with JavaScript, without it, declined, and by keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.looking import assert_clean
from tests.support.buyer import ADDRESS

pytestmark = pytest.mark.browser

PRODUCT = "/products/trial-mug/"


def fill_address(page, **changes):
    for name, value in {**ADDRESS, **changes}.items():
        control = page.locator(f'[name="{name}"]').first
        if name == "billing_same":
            control.set_checked(True)
        elif name.endswith("country"):
            control.select_option(value)
        else:
            control.fill(value)


def add_and_go_to_checkout(page):
    """By the drawer that opens where a script runs, else by the cart's own page."""
    page.get_by_test_id("add-to-cart").click()
    page.get_by_test_id("cart-line").wait_for()
    page.locator("#cart-panel").get_by_role("link", name="Checkout").click()
    page.wait_for_url("**/checkout/")


def place(page):
    expect(page.locator(".htmx-request")).to_have_count(0)  # as a person does: read the total, then press
    page.get_by_test_id("place-order").click()
    page.wait_for_url("**/payments/sandbox/**")


def status(page):
    return expect(page.get_by_test_id("order-status"))


def test_a_guest_buys_with_javascript_and_watches_the_order_turn_paid(page, world):
    page.goto(PRODUCT)
    loads = []
    page.on("request", lambda request: request.resource_type == "document" and loads.append(request))

    add_and_go_to_checkout(page)
    fill_address(page, **{"shipping-country": "AT", "shipping-postal_code": "1010"})
    expect(page.get_by_test_id("checkout-total")).not_to_have_text("€24.89")
    fill_address(page)
    expect(page.get_by_test_id("checkout-total")).to_have_text("€24.89")
    place(page)
    page.locator('button[value="succeed"]').click()
    status(page).to_have_attribute("data-status", "paid")

    expect(page.get_by_test_id("order-ref")).to_be_visible()
    seen = [(load.method, re.sub(r"https?://[^/]+|\?.*", "", load.url)) for load in loads]
    assert [(method, re.sub(r"[\w-]{22}", "<ref>", path)) for method, path in seen] == [
        ("GET", "/checkout/"),  # following the link
        ("POST", "/checkout/"),  # placing the order
        ("GET", "/payments/sandbox/<ref>/"),
        ("POST", "/payments/sandbox/<ref>/"),
        ("GET", "/orders/<ref>/"),
    ]
    assert_clean(page)


def test_a_guest_buys_without_javascript(new_page, world):
    page = new_page(java_script_enabled=False)
    page.goto(PRODUCT)
    add_and_go_to_checkout(page)
    fill_address(page)
    page.locator('button[name="action"][value="update"]').first.click()
    place(page)
    page.locator('button[value="succeed"]').click()

    for _ in range(40):
        if page.get_by_test_id("order-status").get_attribute("data-status") == "paid":
            break
        page.wait_for_timeout(500)
        page.get_by_role("link", name="Look again").click()
    status(page).to_have_attribute("data-status", "paid")
    page.watch.assert_quiet()


def test_a_declined_payment_can_be_tried_again(page, world):
    page.goto(PRODUCT)
    add_and_go_to_checkout(page)
    fill_address(page)
    place(page)
    page.locator('button[value="decline"]').click()
    expect(page.get_by_text("The payment was declined")).to_be_visible()
    status(page).to_have_attribute("data-status", "awaiting_payment")
    assert_clean(page)

    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("button", name="Pay now").click()
    page.wait_for_url("**/payments/sandbox/**")
    page.locator('button[value="succeed"]').click()
    status(page).to_have_attribute("data-status", "paid")


def test_the_page_follows_a_payment_that_the_bank_decides_later(page, world):
    page.goto(PRODUCT)
    add_and_go_to_checkout(page)
    fill_address(page)
    place(page)
    page.locator('button[value="pending"]').click()
    expect(page.get_by_text("Your payment is under way")).to_be_visible()
    assert_clean(page)


# --- By keyboard alone -----------------------------------------------------------------------------------

FOCUSED = """() => {
  const element = document.activeElement;
  const box = element.getBoundingClientRect();
  return {
    tag: element.tagName, name: element.getAttribute("name") || "", type: element.type || "",
    text: (element.getAttribute("aria-label") || element.innerText || "").trim(),
    testid: element.dataset.testid || "", href: element.getAttribute("href") || "", value: element.value || "",
    inDrawer: Boolean(element.closest("#cart-drawer")),
    marked: [null, "::after"].some((part) => getComputedStyle(element, part).outlineStyle !== "none"),
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


class Keyboard:
    """Tab until something is reached; every stop on the way must be visible and marked."""

    def __init__(self, page):
        self.page = page

    def focused(self):
        return self.page.evaluate(FOCUSED)

    def tab_to(self, wanted, limit=120):
        for _ in range(limit):
            self.page.keyboard.press("Tab")
            here = self.focused()
            if here["tag"] != "BODY":
                assert here["marked"], f"The focus can't be seen on {here}"
                assert here["seen"], f"The focus is outside of the window on {here}"
            if wanted(here):
                return here
        raise AssertionError("The keyboard does not get there.")

    def press(self, key):
        self.page.keyboard.press(key)


def test_a_guest_buys_by_keyboard_alone(page, world):
    keyboard = Keyboard(page)
    page.goto("/")
    keyboard.press("Tab")
    assert keyboard.focused()["href"] == "#main"  # the way past the header comes first
    keyboard.press("Enter")
    keyboard.tab_to(lambda at: at["href"].endswith("/products/trial-mug/"))
    keyboard.press("Enter")
    page.wait_for_url(f"**{PRODUCT}")

    keyboard.tab_to(lambda at: at["testid"] == "add-to-cart")
    keyboard.press("Space")
    page.get_by_test_id("cart-line").wait_for()
    expect(page.locator("#cart-drawer")).to_be_visible()
    assert keyboard.focused()["inDrawer"]
    keyboard.press("Escape")
    expect(page.locator("#cart-drawer")).to_be_hidden()
    assert keyboard.focused()["testid"] == "add-to-cart"  # back where it was opened

    keyboard.press("Enter")
    expect(page.get_by_test_id("cart-count").first).to_have_text("2")
    keyboard.tab_to(lambda at: at["href"].endswith("/checkout/"))
    keyboard.press("Enter")
    page.wait_for_url("**/checkout/")

    for name in ["email", "shipping-name", "shipping-line1", "shipping-postal_code", "shipping-city"]:
        keyboard.tab_to(lambda at, name=name: at["name"] == name)
        page.keyboard.type(ADDRESS[name])
    keyboard.tab_to(lambda at: at["testid"] == "place-order")
    keyboard.press("Enter")
    page.wait_for_url("**/payments/sandbox/**")
    keyboard.tab_to(lambda at: at["value"] == "succeed")
    keyboard.press("Enter")
    status(page).to_have_attribute("data-status", "paid")
