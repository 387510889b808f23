"""Carts, checkout and lists in the hands of somebody who types what no page offers."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from apps.catalog.models import Stock
from apps.core.ownership import Owner
from apps.orders import selectors
from apps.orders.models import CartLine, Order
from apps.orders.tests.factories import make_cart
from apps.payments.models import SandboxTransaction
from apps.users.models import User
from apps.users.tests.factories import make_address
from tests.hostile.inputs import QUANTITIES, QUERIES, SKUS
from tests.support.buyer import ADDRESS

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("postgres")]


def form(**fields):
    return urlencode(fields, doseq=True, errors="surrogatepass").encode()


@pytest.mark.parametrize("quantity", ["0", *QUANTITIES])
def test_no_such_quantity_is_added(quantity, world):
    response = world.ask("stranger", "POST", "/cart/lines/", data=form(sku="WALK-1", quantity=quantity), watch=True)
    assert (response.status_code, response.written) == (422, {})


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_no_such_quantity_is_set(quantity, world):
    response = world.ask("owner", "POST", "/cart/lines/WALK-1/", data=form(quantity=quantity), watch=True)
    assert (response.status_code, response.written) == (422, {})


@pytest.mark.parametrize("sku", SKUS)
def test_an_article_that_does_not_exist_is_not_added(sku, world):
    response = world.ask("guest", "POST", "/cart/lines/", data=form(sku=sku, quantity="1"), watch=True)
    assert (response.status_code, response.written) == (404, {})


def test_of_repeated_fields_one_counts(world):
    response = world.ask("stranger", "POST", "/cart/lines/", data=b"sku=WALK-1&sku=WALK-1&quantity=-5&quantity=2")
    assert response.status_code == 303


def test_posted_prices_change_nothing(world):
    client = Client()
    extra = {"price": "1", "unit_price": "1", "amount": "1", "cart": "1", "user": "1", "guest_key": "a" * 64}
    client.post("/cart/lines/", {"sku": "WALK-1", "quantity": "1", **extra})
    line = CartLine.unscoped.latest("pk")
    assert (line.quantity, line.cart.user_id, line.cart.guest_key == "a" * 64) == (1, None, False)
    assert b"19.99" in client.get("/cart/").content


# --- Checkout, by a customer with an address book.


@pytest.fixture(scope="module")
def filled(world, django_db_blocker):
    """Her cookies and the filled form, made once; each test takes back what it did with them."""
    with django_db_blocker.unblock():
        person = User.objects.get(email="stranger@example.com")
        make_address(user=person, line1="Anderer Weg 9")
        owner = make_cart(owner=Owner(user_id=person.pk), lines={world.rows.variant: 1})
        client = Client()
        client.force_login(person)
        basket = selectors.basket(owner)
        page = client.post("/checkout/", {**ADDRESS, "action": "update"})
    return client.cookies, {
        **ADDRESS,
        "checkout_token": str(basket.token),
        "shipping_method": "standard",
        "payment_method": "sandbox",
        "shown_total": str(page.context["offer"].quote.total.amount),
    }


@pytest.fixture
def buyer(filled):
    cookies, fields = filled
    client = Client(raise_request_exception=False)
    client.cookies = cookies.copy()
    return client, fields


def orders():
    return Order.unscoped.count()


def reserved(world):
    return Stock.objects.get(pk=world.rows.stock.pk).reserved


@pytest.mark.parametrize("field", ["shipping-saved", "billing-saved"])
def test_an_address_of_another_can_not_be_ordered_to(field, buyer, world):
    client, fields = buyer
    before = orders(), reserved(world)
    same = {} if field == "shipping-saved" else {"billing_same": ""}
    response = client.post("/checkout/", {**fields, **same, field: str(world.rows.address.pk)})
    assert response.status_code == 422
    assert world.rows.address.line1 not in response.content.decode()
    assert (orders(), reserved(world)) == before


@pytest.mark.parametrize("action", ["update", "place"])
def test_requoting_for_the_address_of_another_shows_nothing_of_it(action, buyer, world):
    client, fields = buyer
    response = client.post("/checkout/", {**fields, "action": action, "shipping-saved": str(world.rows.address.pk)})
    assert response.status_code == 200
    assert orders() == Order.unscoped.exclude(user__email="stranger@example.com").count()


@pytest.mark.parametrize(
    "total", ["1", "0", "-1", "1e3", "24.89", "9" * 400, "٢٤٨٩", "", "\x00", str(2**63), "2489 ", "NaN"]
)
def test_a_total_that_the_page_did_not_show_is_refused(total, buyer, world):
    client, fields = buyer
    before = orders(), reserved(world)
    assert client.post("/checkout/", {**fields, "shown_total": total}).status_code == 409
    assert (orders(), reserved(world)) == before


@pytest.mark.parametrize("token", ["", "x", "\x00", "9" * 5000, "00000000-0000-0000-0000-000000000000", "{}" * 16])
def test_a_strange_token_places_nothing(token, buyer):
    client, fields = buyer
    before = orders()
    assert client.post("/checkout/", {**fields, "checkout_token": token}).status_code == 409
    assert orders() == before


@pytest.mark.parametrize("field", ["shipping_method", "payment_method", "shipping-country"])
@pytest.mark.parametrize("value", ["nothing", "\x00", "x" * 5000, "__class__", "sandbox\n"])
def test_a_choice_that_is_not_offered_places_nothing(field, value, buyer):
    client, fields = buyer
    before = orders()
    assert client.post("/checkout/", {**fields, field: value}).status_code in {409, 422}
    assert orders() == before


def test_fields_that_no_page_has_are_ignored(buyer, world):
    client, fields = buyer
    more = {
        "total": "1",
        "subtotal": "1",
        "currency": "XXX",
        "status": "paid",
        "payment_state": "paid",
        "paid_at": "2026-01-01",
        "user": str(world.rows.owner.pk),
        "guest_key": "a" * 64,
        "ref": "mine",
        "number": "AAAA-AAAA",
        "discount_total": "1999",
        "shipping_total": "0",
        "hold_expires_at": "2099-01-01",
    }
    assert client.post("/checkout/", {**fields, **more}).status_code == 303
    order = Order.unscoped.latest("pk")
    assert (order.total, order.currency, order.status) == (int(fields["shown_total"]), "EUR", "awaiting_payment")
    # The tenth that the world's own discount takes off everything.
    assert (order.user.email, order.discount_total, order.paid_at) == ("stranger@example.com", 200, None)
    assert order.ref != "mine" and order.number != "AAAA-AAAA"


def test_the_bank_takes_its_amount_from_nobody(world):
    path = f"/payments/sandbox/{world.rows.payment.ref}/"
    posted = form(outcome="succeed", amount="1", currency="XXX", payment_ref="x", return_url="https://evil.example")
    response = world.ask("owner", "POST", path, data=posted)
    assert (response.status_code, response["Location"]) == (303, f"/orders/{world.rows.order.ref}/")
    entry = SandboxTransaction.objects.get(payment_ref=world.rows.payment.ref)
    assert (entry.amount, entry.currency) == (world.rows.order.total, "EUR")


def test_a_checkout_that_a_cross_site_form_repeats_is_the_same_order(buyer):
    client, fields = buyer
    places = {client.post("/checkout/", fields)["Location"] for _ in range(3)}
    assert len(places) == 1


# --- Lists and pages.

READ = [
    "/products/",
    "/categories/tableware/",
    "/products/walk/",
    "/",
    "/cart/",
    "/orders/",
    "/orders/{order.ref}/status/",
]


@pytest.mark.one_database("postgres")
@pytest.mark.parametrize("path", READ)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "results"}], ids=["page", "fragment"])
def test_a_strange_query_gives_a_harmless_page(path, headers, world):
    for query in QUERIES:
        response = world.ask("owner", "GET", f"{path.format(**vars(world.rows))}?{query}", headers=headers)
        assert response.status_code in {200, 204, 302}, query


@pytest.mark.parametrize(
    "path",
    [
        "/products/%00/",
        "/products/%ff%fe/",
        "/products/" + "x" * 5000 + "/",
        "/categories/%00/",
        "/categories/../../etc/passwd/",
        "/categories/" + "a/" * 500,
        "/pages/%00/",
        "/orders/%00/",
        "/orders/" + "x" * 5000 + "/",
        "/orders/link/" + "x" * 5000 + "/",
        "/payments/sandbox/" + "x" * 5000 + "/",
        "/account/addresses/" + "9" * 5000 + "/",
        "/account/addresses/9223372036854775808/",
        "/account/addresses/%D9%A3/",
        "/media/%00",
        "/media/../../config/settings/base.py",
        "/media/%2e%2e/%2e%2e/etc/passwd",
        "/static/../manage.py",
        "/static/%2e%2e/manage.py",
        "/dev/mail/",
        "/de/products/%00/",
        "//evil.example/%2e%2e",
        "/%0d%0aSet-Cookie:%20a=b/",
    ],
)
def test_a_strange_path_is_not_found(path, world):
    for role in ("guest", "owner"):
        response = world.ask(role, "GET", path, watch=True)
        goes_to_sign_in = role == "guest" and path.startswith("/account/") and response.status_code == 302
        assert response.status_code in {400, 404} or goes_to_sign_in, role
        assert response.written == {}
        assert "Set-Cookie" not in response.headers
