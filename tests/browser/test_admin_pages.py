"""The admin as a superuser sees it, read from its URLconf: every list, form and button page, and the sign-in."""

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse

from tests.browser.looking import LOOKS, accessibility_findings, assert_none
from tests.lint.test_urls import patterns

pytestmark = pytest.mark.browser

# Not pages: an answer for a script, a redirect, a file, the catch-all behind everything else.
NO_PAGE = {
    "admin:autocomplete",
    "admin:jsi18n",
    "admin:view_on_site",
    "admin:logout",
    "admin:payments_invoice_pdf",
    "admin:payments_invoice_month",
    "admin:exchange_bulkedit_problems",
    "admin:exchange_import_problems",
}
ROLE = {"admin:login": "stranger"}
# What an URL's parts are called, and whose key they hold.
KEYS = {
    "order_id": "orders_order",
    "product_id": "catalog_product",
    "stock_id": "catalog_stock",
    "count_id": "inventory_stockcount",
    "edit_id": "exchange_bulkedit",
    "job_id": "exchange_import",
    "problem_id": "payments_problem",
    "refund_id": "payments_refund",
    "id": "users_user",
}


def admin_names():
    for pattern, namespaces in patterns(get_resolver()):
        if namespaces == ("admin",) and pattern.name:
            yield f"admin:{pattern.name}"


def path_of(name, first):
    """The address of an admin page, of the first row there is."""
    model = name.removeprefix("admin:").rpartition("_")[0]
    parts = {"object_id": first.get(model), "pk": first.get(model), "app_label": "catalog"} | {
        part: first.get(KEYS[part]) for part in KEYS
    }
    for kwargs in [{}, *({part: key} for part, key in parts.items() if key)]:
        try:
            return reverse(name, kwargs=kwargs)
        except NoReverseMatch:
            continue
    raise AssertionError(f"Nobody told this test how to open {name}: make a row in world.py")


NAMES = sorted(set(admin_names()) - NO_PAGE)


@pytest.mark.parametrize("name", NAMES)
def test_the_admin_page_is_clean(name, page_of, world):
    page = page_of(ROLE.get(name, "staff"))
    page.watch.troubles.clear()
    page.set_viewport_size({"width": 1440, "height": 900})
    path = path_of(name, world["first"])
    # 403: nobody may, for example add a payment by hand. 405: only a button leads here; it has no page.
    status = page.request.get(path).status
    assert status in {200, 403, 405}
    if status == 405:
        return
    page.goto(path)
    page.watch.expect_status(status)
    found = [f"CSP: {violation}" for violation in page.evaluate("window.__violations || []")]
    # Lists and forms differ by window; what is said beside them (history, deleting, adding) is made of the same parts.
    for scheme, width in LOOKS if name.endswith(("_changelist", "_change", ":index")) else LOOKS[1:]:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{scheme} at {width}: {finding}" for finding in accessibility_findings(page)]
    assert_none(found)
    page.watch.assert_quiet()
