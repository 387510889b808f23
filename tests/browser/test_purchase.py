"""The purchase in a browser: with JavaScript, without it, and by keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import assert_clean
from tests.support.buyer import ADDRESS

pytestmark = pytest.mark.browser

PRODUCT = "/products/"


def first_buyable(page):
    """Open products from the list until one can be put into the cart."""
    page.goto("/products/")
    links = page.get_by_test_id("product-card").locator("a").evaluate_all("links => links.map(link => link.href)")
    for link in dict.fromkeys(links):
        page.goto(link)
        if page.get_by_test_id("add-to-cart").count():
            return
    raise AssertionError("The shop has nothing to sell.")


def fill_address(page, **changes):
    for name, value in {**ADDRESS, **changes}.items():
        control = page.locator(f'[name="{name}"]').first
        if name == "billing_same":
            control.set_checked(True)
        elif name.endswith("country"):
            control.select_option(value)
        else:
            control.fill(value)


def buy(page):
    """From the product page to the bank's page."""
    page.get_by_test_id("add-to-cart").click()
    page.goto("/checkout/")
    fill_address(page)
    if not page.locator('[name="shipping_method"]').count():
        page.get_by_role("button", name=re.compile("update", re.I)).click()
    expect(page.locator('[name="shipping_method"]').first).to_be_attached()
    page.get_by_test_id("place-order").click()
    page.wait_for_url("**/payments/sandbox/**")


def test_a_guest_buys_with_javascript_and_watches_the_order_turn_paid(page):
    loads = []
    page.on("request", lambda request: request.resource_type == "document" and loads.append(request.url))
    first_buyable(page)
    assert_clean(page)
    loads.clear()

    buy(page)
    page.locator('button[value="succeed"]').click()
    expect(page.get_by_test_id("order-status")).to_have_attribute("data-status", "paid", timeout=20_000)
    assert_clean(page)
    expect(page.get_by_test_id("order-ref")).to_be_visible()
    paths = [re.sub(r"https?://[^/]+|\?.*", "", url) for url in loads]
    assert [re.sub(r"[\w-]{22}", "<ref>", path) for path in paths] == [
        "/checkout/",
        "/checkout/",
        "/payments/sandbox/<ref>/",
        "/payments/sandbox/<ref>/",
        "/orders/<ref>/",
    ]


def test_a_guest_buys_without_javascript(browser, base_url, watched):
    context = watched(browser.new_context(base_url=base_url, java_script_enabled=False))
    page = context.new_page()
    first_buyable(page)

    page.get_by_test_id("add-to-cart").click()
    page.goto("/checkout/")
    fill_address(page)
    page.locator('button[name="action"][value="update"]').first.click()
    page.get_by_test_id("place-order").click()
    page.wait_for_url("**/payments/sandbox/**")
    page.locator('button[value="succeed"]').click()

    for _ in range(40):
        if page.get_by_test_id("order-status").get_attribute("data-status") == "paid":
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.get_by_test_id("order-status")).to_have_attribute("data-status", "paid")
    context.close()


def test_a_declined_payment_can_be_tried_again(page):
    first_buyable(page)
    buy(page)
    page.locator('button[value="decline"]').click()
    expect(page.get_by_test_id("order-status")).to_have_attribute("data-status", "awaiting_payment")

    page.get_by_role("button", name=re.compile("pay", re.I)).first.click(timeout=20_000)
    page.wait_for_url("**/payments/sandbox/**")
    page.locator('button[value="succeed"]').click()
    expect(page.get_by_test_id("order-status")).to_have_attribute("data-status", "paid", timeout=20_000)
