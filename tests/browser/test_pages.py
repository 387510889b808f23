"""Every page of the URLconf, empty, full and refusing: quiet, accessible in both schemes, never too wide."""

from dataclasses import dataclass

import pytest
from django.urls import get_resolver

from apps.notifications import dev_urls
from tests.browser.looking import LOOKS, assert_clean
from tests.lint.test_urls import patterns

pytestmark = pytest.mark.browser


def send_empty(page):
    """Send the page's own form past the browser's checks, so that the server's answer is seen."""
    with page.expect_navigation():
        page.evaluate("""() => {
          const form = document.querySelector("main form[method=post]");
          const typed = "input:not([type=hidden], [type=checkbox], [type=radio]), textarea";
          for (const control of form.querySelectorAll(typed)) control.value = "";
          form.noValidate = true;
          form.requestSubmit(form.querySelector("button[name^=action_]"));
        }""")


def send(**values):
    def act(page):
        for name, value in values.items():
            # Past the browser's own limit of characters, which a stranger's program would not keep either.
            page.locator(f'main [name="{name}"]').evaluate(
                "(control, value) => { control.removeAttribute('maxlength'); control.value = value }", value
            )
        with page.expect_navigation():
            page.locator("main form[method=post]").first.evaluate(
                "form => { form.noValidate = true; form.requestSubmit() }"
            )

    return act


def put_into_cart(*slugs):
    def act(page):
        for slug in slugs:
            page.goto(f"/products/{slug}/")
            page.get_by_test_id("add-to-cart").click()
            page.get_by_test_id("cart-line").first.wait_for()

    return act


@dataclass(frozen=True)
class Visit:
    """One state of a page: who opens which path, what is done there, what it answers."""

    path: str
    role: str = "stranger"
    state: str = "full"
    status: int = 200
    first: object = None  # done before, on other pages
    act: object = None  # done on the page, answered by another page
    german: bool = True


CUSTOMER, NEWCOMER, GUEST = "customer", "newcomer", "guest"
ORDER_STATES = ["awaiting", "declined", "pending", "paid", "packed", "shipped", "delivered", "cancelled", "expired"]

PAGES = {
    "catalog:home": [Visit("/")],
    "catalog:product-list": [
        Visit("/products/"),
        Visit("/products/?available=1&on-sale=1&price-min=10", state="filtered"),
        Visit("/products/?page=2", state="second page"),
        Visit("/products/?q=mug", state="search"),
        Visit("/products/?q=zzzzzz", state="nothing found"),
        Visit("/products/?price-min=99999999", state="nothing fits"),
        Visit("/products/?price-min=abc&page=999&sort=nonsense", state="nonsense"),
    ],
    "catalog:category": [
        Visit("/categories/tableware/"),
        Visit("/categories/no-such-category/", state="missing", status=404),
    ],
    "catalog:product-detail": [
        Visit("/products/trial-long/"),
        Visit("/products/trial-long/?variant=nonsense", state="unknown variant", german=False),
        Visit("/products/trial-gone/", state="sold out"),
        Visit("/products/trial-last/", state="few left"),
        Visit("/products/trial-talk/", state="no price"),
        Visit("/products/trial-draft/", state="draft", status=404, german=False),
        Visit("/products/alder-chair/", state="demo"),
    ],
    "orders:cart": [
        Visit("/cart/", role="stranger", state="empty"),
        Visit("/cart/", role="buyer", first=put_into_cart("trial-mug", "trial-long")),
    ],
    "orders:checkout": [
        Visit("/checkout/", role="stranger", state="empty"),
        Visit("/checkout/", role="buyer", first=put_into_cart("trial-mug", "trial-long")),
        Visit("/checkout/", role="buyer", state="errors", status=422, first=put_into_cart("trial-mug"), act=send_empty),
        Visit("/checkout/", role=CUSTOMER, state="with addresses", first=put_into_cart("trial-mug")),
    ],
    "orders:order-list": [
        Visit("/orders/", role=CUSTOMER),
        Visit("/orders/", role=NEWCOMER, state="empty"),
        Visit("/orders/", role=GUEST, state="guest"),
    ],
    "orders:guest-link": [
        Visit("/orders/link/{guest_link}/", role="friend", state="granted"),
        Visit("/orders/link/nonsense/", state="dead", status=404),
    ],
    "orders:order-detail": [
        *[Visit(f"/orders/{{order[{state}]}}/", role=CUSTOMER, state=state) for state in ORDER_STATES],
        Visit("/orders/{guest_waiting}/", role=GUEST, state="guest"),
        Visit("/orders/{order[paid]}/", role="stranger", state="another's", status=404, german=False),
    ],
    "orders:order-status": [Visit("/orders/{order[paid]}/status/", role=CUSTOMER, german=False)],
    "orders:order-pay": [Visit("/orders/{order[awaiting]}/pay/", role=CUSTOMER)],
    "payments:sandbox-bank": [
        Visit("/payments/sandbox/{guest_bank}/", role=GUEST, german=False),
        Visit("/payments/sandbox/{bank[paid]}/", role=CUSTOMER, state="finished", german=False),
        Visit("/payments/sandbox/nonsense/", state="missing", status=404, german=False),
    ],
    "pages:page": [
        *[Visit(f"/pages/{slug}/", state=slug) for slug in ["delivery-returns", "privacy", "imprint", "terms"]],
        Visit("/pages/nonsense/", state="missing", status=404),
    ],
    "users:account": [
        Visit("/account/", role=CUSTOMER),
        Visit("/account/", role=NEWCOMER, state="empty"),
        Visit("/account/", role=CUSTOMER, state="error", status=422, act=send(full_name="x" * 300), german=False),
    ],
    "catalog:recently-viewed": [Visit("/recently-viewed/?slugs=trial-mug,trial-long")],
    "inventory:alert-list": [
        Visit("/stock-alerts/", role=CUSTOMER),
        Visit("/stock-alerts/", role=NEWCOMER, state="empty"),
    ],
    "inventory:alert-confirm": [
        Visit("/stock-alerts/confirm/{alert_confirm}/"),
        Visit("/stock-alerts/confirm/none/", state="broken"),
        Visit("/stock-alerts/confirm/{alert_confirm}/", state="pressed", act=send_empty, german=False),
    ],
    "inventory:alert-stop": [
        Visit("/stock-alerts/stop/{alert_stop}/"),
        Visit("/stock-alerts/stop/none/", state="broken"),
        Visit("/stock-alerts/stop/{alert_stop}/", state="pressed", act=send_empty, german=False),
    ],
    "users:address-list": [
        Visit("/account/addresses/", role=CUSTOMER),
        Visit("/account/addresses/", role=NEWCOMER, state="empty"),
    ],
    "users:address-add": [
        Visit("/account/addresses/new/", role=NEWCOMER),
        Visit("/account/addresses/new/", role=NEWCOMER, state="errors", status=422, act=send_empty),
    ],
    "users:address-edit": [Visit("/account/addresses/{address}/", role=CUSTOMER)],
    "account_login": [
        Visit("/account/login/"),
        Visit("/account/login/", state="errors", status=422, act=send_empty),
        Visit(
            "/account/login/",
            state="wrong",
            status=422,
            act=send(login="x@example.com", password="wrong"),
            german=False,
        ),
    ],
    "account_signup": [
        Visit("/account/signup/"),
        Visit("/account/signup/", state="errors", status=422, act=send(email="no address", password1="12345678")),
    ],
    "account_logout": [Visit("/account/logout/", role=CUSTOMER)],
    "account_inactive": [Visit("/account/inactive/")],
    "account_reauthenticate": [
        Visit("/account/reauthenticate/", role=CUSTOMER),
        Visit("/account/reauthenticate/", role=CUSTOMER, state="errors", status=422, act=send_empty, german=False),
    ],
    "account_email": [
        Visit("/account/email/", role=CUSTOMER),
        Visit("/account/email/", role=CUSTOMER, state="errors", status=422, act=send_empty, german=False),
    ],
    "account_email_verification_sent": [Visit("/account/confirm-email/")],
    "account_confirm_email": [
        Visit("/account/confirm-email/{confirm}/"),
        Visit("/account/confirm-email/nonsense/", state="dead"),
    ],
    "account_change_password": [
        Visit("/account/password/change/", role=CUSTOMER),
        Visit("/account/password/change/", role=CUSTOMER, state="errors", status=422, act=send_empty, german=False),
    ],
    "account_set_password": [Visit("/account/password/set/", role="codeless")],
    "account_reset_password": [
        Visit("/account/password/reset/"),
        Visit("/account/password/reset/", state="errors", status=422, act=send_empty, german=False),
    ],
    "account_reset_password_done": [Visit("/account/password/reset/done/")],
    "account_reset_password_from_key": [
        Visit("/account/password/reset/key/{reset}/", role="forgetful"),
        Visit("/account/password/reset/key/1-nonsense/", state="dead"),
    ],
    "account_reset_password_from_key_done": [Visit("/account/password/reset/key/done/")],
    "account_request_login_code": [
        Visit("/account/login/code/"),
        Visit("/account/login/code/", state="errors", status=422, act=send_empty, german=False),
    ],
    "account_confirm_login_code": [
        Visit(
            "/account/login/code/", role="visitor", state="asked", act=send(email="customer@example.com"), german=False
        )
    ],
    "dev_mail:list": [Visit("/dev/mail/", state="list", german=False)],
    "trial": [
        Visit("/no/such/page/", state="404", status=404),
        Visit("/trial/403/", state="403", status=403, german=False),
        Visit("/trial/500/", state="500", status=500, german=False),
        Visit("/trial/form/", state="403 without a token", status=403, act=send_empty, german=False),
    ],
}
# They answer a button or a machine and show no page of their own; the swaps and the purchases look at the answers.
NO_PAGE = {
    "orders:cart-add",
    "orders:cart-line",
    "orders:cart-code",
    "orders:cart-code-remove",
    "orders:order-reorder",
    "payments:sandbox-webhook",
    "payments:stripe-webhook",
    "payments:stripe-return",
    "documents:download",
    "inventory:alert-add",
    "inventory:alert-delete",
    "users:address-delete",
    "users:address-default",
    "catalog:suggest",
    "exchange:products-csv",
    "exchange:products-xlsx",
    "exchange:orders-csv",
    "exchange:customers-csv",
    "feed-google",
    "feed-google-in",
    "llms",
    "media",
    "robots",
    "sitemap",
    "sitemap-pages",
    "sitemap-products",
    "speculation-rules",
}
# Opened from the list of mails by a test of its own below; the admin by the walk in test_admin_pages.py.
ELSEWHERE = {"dev_mail:detail", "dev_mail:html"}


def route_names():
    for pattern, namespaces in patterns(get_resolver()):
        yield ":".join([*namespaces, pattern.name or str(pattern.pattern)])
    for pattern in dev_urls.urlpatterns:
        yield f"dev_mail:{pattern.name}"


def test_every_page_of_the_urlconf_is_looked_at():
    public = {name for name in route_names() if not name.startswith("admin:")}
    assert public - set(PAGES) - NO_PAGE - ELSEWHERE == set()
    assert set(PAGES) - public == {"trial"}


def open_page(page, visit, world, prefix=""):
    if visit.first:
        visit.first(page)
    path = prefix + visit.path.format(**world)
    answer = page.goto(path)
    if visit.act:
        with page.expect_response(lambda response: response.request.method == "POST") as posted:
            visit.act(page)
        answer = posted.value
        if 300 <= answer.status < 400:
            return 200
    else:
        sent_to_sign_in = "/account/login/" in page.url and "/account/login/" not in path
        assert not sent_to_sign_in, f"{visit.role} has to sign in for {path}"
    return answer.status


VISITS = [
    pytest.param(visit, id=f"{name} {visit.state} {visit.role}") for name, visits in PAGES.items() for visit in visits
]


@pytest.mark.parametrize("visit", VISITS)
def test_the_page_is_clean(visit, page_of, world):
    page = page_of(visit.role)
    page.watch.troubles.clear()
    page.set_viewport_size({"width": 1440, "height": 900})
    assert open_page(page, visit, world) == visit.status
    page.watch.expect_status(visit.status)
    assert_clean(page)


GERMAN = [visit for visit in VISITS if visit.values[0].german]


@pytest.mark.parametrize("visit", GERMAN)
def test_the_page_is_clean_in_german(visit, page_of, world):
    """Longer words in the narrowest window; colours are the same in every language."""
    page = page_of(visit.role)
    page.watch.troubles.clear()
    page.set_viewport_size({"width": 1440, "height": 900})
    assert open_page(page, visit, world, prefix="/de") == visit.status
    assert page.locator("html").get_attribute("lang") == "de"
    page.watch.expect_status(visit.status)
    assert_clean(page, looks=LOOKS[:1], widths=[320, 1440])


def test_a_mail_is_read_in_the_development_shop(page_of, shop):
    shop.manage("worker", "--once")
    page = page_of("stranger")
    page.watch.troubles.clear()
    page.goto("/dev/mail/")
    page.locator("main table a").first.click()
    page.wait_for_url("**/dev/mail/*/")
    assert_clean(page)

    page.set_viewport_size({"width": 390, "height": 900})
    page.get_by_role("link", name="Show the HTML part").click()
    page.wait_for_url("**/html/")
    assert page.locator("h1, h2").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.watch.assert_quiet()
