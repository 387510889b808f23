"""The parts that change without a new page: as clean after the swap as before, the focus kept, the address right."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.looking import assert_clean, touch
from tests.browser.test_purchase import fill_address

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("world")]

DESKTOP = {"width": 1440, "height": 900}


def add(page, slug):
    page.goto(f"/products/{slug}/")
    page.get_by_test_id("add-to-cart").click()
    page.get_by_test_id("cart-line").first.wait_for()


def test_the_drawer_opens_counts_and_empties(page):
    add(page, "trial-mug")
    expect(page.locator("#cart-drawer")).to_be_visible()
    expect(page.get_by_test_id("cart-count").first).to_have_text("1")
    assert_clean(page)

    page.set_viewport_size(DESKTOP)
    line = page.locator("#cart-drawer").get_by_test_id("cart-line")
    line.get_by_role("spinbutton").fill("3")
    line.get_by_role("spinbutton").press("Tab")
    expect(page.get_by_test_id("cart-total")).to_have_text("€59.97")
    assert_clean(page)

    page.set_viewport_size(DESKTOP)
    page.get_by_role("button", name="Remove Trial mug").click()
    expect(page.get_by_text("Your cart is empty")).to_be_visible()
    expect(page.locator("#cart-drawer")).to_be_visible()
    assert_clean(page)


def test_the_cart_page_swaps_its_lines(page):
    add(page, "trial-mug")
    page.goto("/cart/")
    page.get_by_role("spinbutton").fill("2")
    page.get_by_role("spinbutton").press("Tab")
    expect(page.get_by_test_id("cart-total")).to_have_text("€39.98")
    assert_clean(page)


def test_more_than_there_is_is_refused_with_the_fresh_state(page):
    add(page, "trial-last")
    page.goto("/products/trial-last/")
    page.get_by_label("Quantity", exact=True).fill("50")
    page.get_by_test_id("add-to-cart").click()
    expect(page.locator("#cart-drawer").get_by_test_id("sold-out").first).to_be_visible()
    page.watch.expect_status(409)
    assert_clean(page)


def test_filters_and_sorting_change_the_results_and_the_address(page):
    page.goto("/products/")
    page.get_by_label("In stock").check()
    page.wait_for_url("**available=1**")
    expect(page.locator(".chip--remove")).to_have_count(1)
    expect(page.get_by_label("In stock")).to_be_focused()
    assert_clean(page)

    page.set_viewport_size(DESKTOP)
    page.get_by_label("Sort by").select_option(index=1)
    page.wait_for_url("**sort=**")
    expect(page.get_by_test_id("product-card").first).to_be_visible()
    assert_clean(page)

    page.set_viewport_size(DESKTOP)
    page.locator(".chip--remove").click()
    expect(page.locator(".chip--remove")).to_have_count(0)
    expect(page.get_by_label("In stock")).not_to_be_checked()
    page.go_back()
    expect(page.locator(".chip--remove")).to_have_count(1)


def test_a_variant_swaps_the_product_and_the_address(page):
    page.goto("/products/trial-long/")
    page.locator("#product .pill:not([aria-current])").first.click()
    page.wait_for_url("**variant=**")
    expect(page.locator("#product")).to_be_visible()
    assert_clean(page)


def test_the_checkout_quotes_again_where_the_destination_changes(page):
    add(page, "trial-mug")
    page.goto("/checkout/")
    expect(page.get_by_test_id("checkout-total")).to_have_text("€24.89")
    page.locator('[name="shipping-country"]').select_option("AT")
    expect(page.get_by_test_id("checkout-total")).not_to_have_text("€24.89")
    assert_clean(page)

    page.set_viewport_size(DESKTOP)
    page.locator('[name="billing_same"]').uncheck()
    expect(page.locator('[name="billing-name"]')).to_be_visible()
    assert_clean(page)


class SlowQuote:
    """Holds back the answers to re-quotes until `arrive()`."""

    def __init__(self, page):
        self.page = page
        self.waiting = []
        page.route("**/checkout/", self._hold)

    def _hold(self, route):
        if route.request.headers.get("hx-request"):
            self.waiting.append((route, route.fetch()))
        else:
            route.continue_()

    def ask(self, country):
        with self.page.expect_request("**/checkout/"):
            self.page.locator('[name="shipping-country"]').select_option(country)

    def arrive(self):
        with self.page.expect_response("**/checkout/"):
            for route, answer in self.waiting:
                route.fulfill(response=answer)
        self.page.wait_for_timeout(100)  # the swap itself


def press(page):
    """Put the mouse down on "Order and pay" and keep it there."""
    page.get_by_test_id("place-order").scroll_into_view_if_needed()
    page.get_by_test_id("place-order").hover()
    page.mouse.down()


def test_pressing_during_a_slow_quote_places_the_order(page):
    add(page, "trial-mug")
    page.goto("/checkout/")
    fill_address(page)
    page.locator('[name="shipping-country"]').select_option("CH")
    expect(page.get_by_test_id("checkout-total")).not_to_have_text("€24.89")
    page.locator('[name="shipping-country"]').select_option("DE")
    expect(page.get_by_test_id("checkout-total")).to_have_text("€24.89")
    SlowQuote(page)
    page.locator('[name="shipping-postal_code"]').fill("80331")  # left, and thereby told, by the press itself
    page.get_by_test_id("place-order").click()
    page.wait_for_url("**/payments/sandbox/**")


def test_a_quote_that_arrives_under_the_finger_waits_and_the_new_total_is_shown_first(page):
    add(page, "trial-mug")
    page.goto("/checkout/")
    fill_address(page)
    quote = SlowQuote(page)
    quote.ask("AT")
    press(page)
    quote.arrive()
    expect(page.get_by_test_id("checkout-total")).to_have_text("€24.89")
    page.mouse.up()
    # Other parcels go to Austria: what was chosen has to be chosen again, beside the new total.
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.get_by_test_id("checkout-total")).not_to_have_text("€24.89")
    page.watch.expect_status(422)
    assert_clean(page)


def test_a_press_that_is_taken_back_brings_the_quote_that_waited(page):
    add(page, "trial-mug")
    page.goto("/checkout/")
    fill_address(page)
    quote = SlowQuote(page)
    quote.ask("AT")
    press(page)
    quote.arrive()
    page.unroute("**/checkout/")
    page.mouse.move(1, 1)
    page.mouse.up()
    expect(page.get_by_test_id("checkout-total")).not_to_have_text("€24.89")
    expect(page).to_have_url(re.compile("/checkout/$"))


def test_a_price_that_changed_meanwhile_is_shown_before_anything_is_ordered(page, shop):
    add(page, "trial-vase")
    page.goto("/checkout/")
    fill_address(page)
    change = "from apps.catalog.models import Variant; Variant.objects.filter(sku='TRIAL-VASE').update(price=2500)"
    shop.manage("shell", "-v0", "-c", change)
    page.get_by_test_id("place-order").click()
    expect(page.get_by_text("Nothing has been ordered.")).to_be_visible()
    page.watch.expect_status(409)
    assert_clean(page)


def test_what_sold_out_meanwhile_is_refused_at_the_checkout(page, shop):
    add(page, "trial-vase")
    page.goto("/checkout/")
    fill_address(page)
    change = "from apps.catalog.models import Stock; Stock.objects.filter(variant__sku='TRIAL-VASE').update(on_hand=0)"
    shop.manage("shell", "-v0", "-c", change)
    page.get_by_test_id("place-order").click()
    expect(page.get_by_test_id("sold-out").first).to_be_visible()
    page.watch.expect_status(409)
    assert_clean(page)


def test_an_address_becomes_the_default_and_goes(page_of):
    page = page_of("customer")
    page.watch.troubles.clear()
    page.set_viewport_size(DESKTOP)
    page.goto("/account/addresses/")
    cards = page.locator(".address-card")
    before = cards.count()
    page.get_by_role("button", name="Invoice here by default").first.click()
    expect(page.locator("[data-toast]").first).to_be_visible()
    assert_clean(page)
    assert cards.count() == before


def test_a_lost_connection_is_told_once_and_taken_back(page):
    page.goto("/products/trial-mug/")
    page.context.set_offline(True)
    page.get_by_test_id("add-to-cart").click()
    toast = page.locator('[data-toast-name="offline"]')
    expect(toast).to_have_count(1)
    page.context.set_offline(False)
    expect(toast).to_have_count(0)
    page.watch.troubles.clear()  # the browser and htmx each log the lost request
    assert_clean(page)


def test_the_gallery_follows_the_keys_opens_large_and_gives_the_focus_back(page):
    page.set_viewport_size(DESKTOP)
    page.goto("/products/trial-mug/")
    touch(page)
    first, second = page.locator(".gallery__zoom").first, page.locator(".gallery__zoom").nth(1)
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(second).to_be_focused()
    expect(page.locator(".gallery__thumb").nth(1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Pictures")).to_be_visible()
    expect(page.locator(".zoom__picture")).to_have_count(2)
    page.get_by_role("button", name="Picture before").click()
    expect(page.locator(".zoom__track").first).to_have_js_property("scrollLeft", 0)
    page.locator(".zoom__picture").first.click()
    expect(page.locator(".zoom__picture--near")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(second).to_be_focused()
    assert_clean(page)


def test_what_was_viewed_before_comes_back_until_it_is_forgotten(page):
    for slug in ("trial-vase", "trial-mug"):
        page.goto(f"/products/{slug}/")
        touch(page)
    recent = page.locator("#recent")
    expect(recent.get_by_role("link", name="Trial vase")).to_be_visible()
    assert_clean(page)
    recent.get_by_role("button", name="Forget them").click()
    expect(recent).to_be_empty()
    page.goto("/products/trial-vase/")
    touch(page)
    expect(recent).to_be_empty()


def test_a_sold_out_article_takes_an_address_and_says_what_is_next(page):
    page.goto("/products/trial-gone/")
    form = page.locator("#stock-alert")
    form.get_by_label("Email address").fill("ada@example.com")
    form.get_by_role("button", name="Tell me").click()
    expect(form.get_by_role("status")).to_contain_text("Please look at your mail")
    assert_clean(page)
