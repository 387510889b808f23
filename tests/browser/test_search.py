"""The search box while one types: a combobox for hands, keys and screen readers, a form without any script."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import assert_clean

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("world")]


def chosen(page, box):
    active = box.get_attribute("aria-activedescendant")
    return page.locator(f"#{active}").inner_text().split("\n")[0] if active else None


def test_keys_walk_through_what_is_suggested(page):
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/")
    page.get_by_role("searchbox", name="Search the shop").focus()
    box = page.get_by_role("combobox", name="Search the shop")
    panel = page.get_by_role("listbox", name="Suggestions")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("trial mug")
    expect(panel.get_by_role("option")).to_have_count(3)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_text("2 suggestions", exact=True)).to_have_attribute("role", "status")
    assert chosen(page, box) is None
    walked = []
    for key in ("ArrowDown", "End", "ArrowDown", "ArrowUp", "Home"):
        box.press(key)
        walked.append(chosen(page, box))
    mug, everything = "Trial mug", "Show all results"
    assert walked == [mug, everything, None, everything, mug]
    expect(panel.get_by_role("option", selected=True)).to_have_count(1)
    # On a narrower window the box is another one, and this one closes.
    assert_clean(page, looks=[("light", 1440), ("dark", 1440)], widths=[1440])

    box.press("Escape")
    expect(panel).to_be_hidden()
    expect(box).to_have_value("trial mug")
    box.press("ArrowDown")
    expect(panel).to_be_visible()
    box.press("Enter")
    page.wait_for_url("**/products/trial-mug/")


def test_a_hand_opens_a_suggestion_and_leaving_the_box_closes_them(page):
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto("/")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#menu-q")).to_be_focused()
    box = page.locator("#menu-q")
    box.press_sequentially("vase")
    panel = page.locator("#menu-suggest")
    expect(panel).to_be_visible()
    box.press("Tab")
    expect(panel).to_be_hidden()
    box.focus()
    box.press("ArrowDown")
    panel.get_by_text("Trial vase").click()
    page.wait_for_url("**/products/trial-vase/")


def test_enter_without_a_choice_searches(page):
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/")
    box = page.locator("#site-q")
    box.press_sequentially("trial")
    expect(page.locator("#site-suggest")).to_be_visible()
    box.press("Enter")
    page.wait_for_url("**/products/?q=trial")
