"""Another's order, address or payment answers exactly like one that does not exist, as a page and as a fragment."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from apps.catalog.tests.factories import make_variant
from apps.core.ownership import Owner, hash_key
from apps.orders import services
from apps.orders.models import CartLine, GuestLink, Order, OrderAccess
from apps.orders.tests.factories import make_cart, make_order
from apps.payments.models import Payment

pytestmark = pytest.mark.django_db

# method, path of the owner's row, the same for one that does not exist
PRIVATE = [
    ("GET", "/orders/{order.ref}/", "/orders/{missing}/"),
    ("GET", "/orders/{order.ref}/status/", "/orders/{missing}/status/"),
    ("GET", "/orders/{order.ref}/pay/", "/orders/{missing}/pay/"),
    ("POST", "/orders/{order.ref}/pay/", "/orders/{missing}/pay/"),
    ("POST", "/orders/{order.ref}/reorder/", "/orders/{missing}/reorder/"),
    ("GET", "/payments/sandbox/{payment.ref}/", "/payments/sandbox/{missing}/"),
    ("POST", "/payments/sandbox/{payment.ref}/", "/payments/sandbox/{missing}/"),
    ("GET", "/account/addresses/{address.pk}/", "/account/addresses/999999999/"),
    ("POST", "/account/addresses/{address.pk}/", "/account/addresses/999999999/"),
    ("POST", "/account/addresses/{address.pk}/delete/", "/account/addresses/999999999/delete/"),
    ("POST", "/stock-alerts/{alert.pk}/delete/", "/stock-alerts/999999999/delete/"),
    ("POST", "/account/addresses/{address.pk}/default/", "/account/addresses/999999999/default/"),
]
SHAPES = {
    "page": {},
    "fragment": {"HX-Request": "true", "HX-Target": "order-status"},
    "list": {"HX-Request": "true", "HX-Target": "addresses"},
    "boosted": {"HX-Request": "true", "HX-Boosted": "true"},
}


def body(response, path):
    """The answer without what differs from request to request: its own address and the form token."""
    text = response.content.decode().replace(path, "")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("method", "owned", "missing"), PRIVATE)
def test_anothers_row_answers_like_a_missing_one(method, owned, missing, shape, world):
    owned = owned.format(**vars(world.rows))
    missing = missing.format(missing="n" * 22)
    for role in ("guest", "stranger", "manager"):
        if role == "guest" and owned.startswith(("/account/", "/stock-alerts/")):
            continue  # sent to sign-in, as the walk says
        theirs = world.ask(role, method, owned, headers=SHAPES[shape])
        nobodys = world.ask(role, method, missing, headers=SHAPES[shape])
        assert (theirs.status_code, nobodys.status_code) == (404, 404), role
        assert body(theirs, owned) == body(nobodys, missing), role
        assert sorted(theirs.headers) == sorted(nobodys.headers), role


@pytest.mark.parametrize("shape", SHAPES)
def test_a_guest_is_sent_to_sign_in_and_comes_back(shape, world):
    response = world.ask("guest", "GET", "/account/addresses/", headers=SHAPES[shape])
    if shape in {"page", "boosted"}:
        assert response.status_code == 302
        assert response["Location"].startswith("/account/login/?next=/account/")
    else:
        assert response.status_code == 204
        assert response["HX-Redirect"] == "/account/login/?next=/account/"


def test_the_cart_line_of_another_is_not_found(world):
    response = world.ask("stranger", "POST", "/cart/lines/WALK-1/", data=b"quantity=5")
    assert response.status_code == 404
    assert CartLine.unscoped.get(cart__user=world.rows.owner, cart__state="open").quantity == 1


def test_the_checkout_of_another_is_an_empty_cart(world):
    token = CartLine.unscoped.get(cart__user=world.rows.owner, cart__state="open").cart.checkout_token
    data = f"checkout_token={token}&email=a%40example.com&shown_total=2489".encode()
    assert world.ask("stranger", "POST", "/checkout/", data=data).status_code == 409


def test_the_token_of_a_placed_order_opens_nothing_for_others(world):
    data = f"checkout_token={world.rows.order.checkout_token}".encode()
    assert world.ask("stranger", "POST", "/checkout/", data=data).status_code == 409
    assert world.ask("guest", "POST", "/checkout/", data=data).status_code == 409


# --- Guests, known by a cookie, and links in mails.


def browser(key=""):
    client = Client()
    if key:
        client.cookies[settings.GUEST_COOKIE_NAME] = key
    return client


def guest_order(key):
    owner = Owner(guest_key=hash_key(key))
    return make_order(owner=make_cart(owner=owner, lines={make_variant(): 1}), lines={}, payment_method="sandbox")


def paths(order):
    payment = Payment.unscoped.get(order=order)
    return [f"/orders/{order.ref}/", f"/orders/{order.ref}/pay/", f"/payments/sandbox/{payment.ref}/"]


def statuses(client, order):
    return [client.get(path).status_code for path in paths(order)]


def test_a_guests_order_belongs_to_the_cookie():
    order = guest_order("k" * 43)
    assert statuses(browser("k" * 43), order) == [200, 200, 200]
    for key in ("", "j" * 43, order.guest_key, "k" * 42, "k" * 65, "é" * 43):
        assert statuses(browser(key), order) == [404, 404, 404], key


def test_signing_in_as_somebody_does_not_show_the_guests_order(world):
    order = guest_order("k" * 43)
    client = browser("k" * 43)
    client.force_login(world.rows.owner)
    assert statuses(client, order) == [404, 404, 404]


def test_a_link_lets_this_browser_read_and_pay_and_no_other():
    order = guest_order("k" * 43)
    link = f"/orders/link/{services.issue_guest_link(order=order)}/"
    phone = browser()
    opened = phone.get(link)
    assert (opened.status_code, opened["Location"]) == (302, f"/orders/{order.ref}/")
    assert (opened["Referrer-Policy"], opened["Cache-Control"]) == ("no-referrer", "private, no-store")
    assert statuses(phone, order) == [200, 200, 200]
    page = phone.get(f"/orders/{order.ref}/")
    # Not "no-referrer": browsers would post the page's own button to pay with "Origin: null".
    assert (page["Referrer-Policy"], page["Cache-Control"]) == ("same-origin", "private, no-store")
    assert statuses(browser(), order) == [404, 404, 404]


def test_a_link_answers_an_htmx_request_without_being_kept():
    order = guest_order("k" * 43)
    opened = browser().get(
        f"/orders/link/{services.issue_guest_link(order=order)}/", headers={"HX-Request": "true", "HX-Target": "x"}
    )
    assert (opened.status_code, opened["HX-Redirect"]) == (204, f"/orders/{order.ref}/")
    assert (opened["Referrer-Policy"], opened["Cache-Control"]) == ("no-referrer", "private, no-store")


@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_a_link_that_ended_opens_nothing_and_takes_back_what_it_gave(end):
    order = guest_order("k" * 43)
    link = f"/orders/link/{services.issue_guest_link(order=order)}/"
    phone = browser()
    phone.get(link)
    if end == "revoked":
        services.revoke_guest_links(order=order)
    else:
        GuestLink.unscoped.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert statuses(phone, order) == [404, 404, 404]
    assert phone.get(link).status_code == 404
    assert browser().get(link).status_code == 404
    assert statuses(browser("k" * 43), order) == [200, 200, 200]


def test_a_link_is_kept_as_a_hash_only():
    order = guest_order("k" * 43)
    token = services.issue_guest_link(order=order)
    kept = GuestLink.unscoped.latest("pk")
    assert (len(token), kept.token_hash) == (43, hash_key(token))
    assert browser().get(f"/orders/link/{kept.token_hash}/").status_code == 404
    assert OrderAccess.unscoped.count() == 0


def test_the_number_of_an_order_opens_nothing(world):
    for role in ("owner", "stranger", "guest"):
        assert world.ask(role, "GET", f"/orders/{world.rows.order.number}/").status_code == 404
        assert world.ask(role, "GET", f"/orders/{world.rows.order.pk}/").status_code == 404


def test_references_can_not_be_guessed(world):
    assert len(world.rows.order.ref) == len(world.rows.payment.ref) == 22  # 128 bits in base64
    assert Order.unscoped.filter(ref=world.rows.order.number).count() == 0
