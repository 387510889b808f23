from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.catalog.tests.factories import make_variant
from apps.core.ownership import Owner
from apps.orders import services
from apps.orders.models import GuestLink, Order, OrderAccess
from apps.orders.tests.factories import make_cart, make_order
from apps.orders.tests.shopper import Shopper, swap
from apps.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

STATUS = swap("order-status")


def html(response):
    return response.content.decode()


@pytest.fixture
def order(shopper):
    shopper.add(make_variant(title="Fjord mug").sku)
    shopper.place()
    return Order.unscoped.get()


def url(order, end=""):
    return f"/orders/{order.ref}/{end}"


def pay(order):
    services.record_payment(
        order_id=order.pk, amount=order.total, currency=order.currency, payment_ref=f"paid-{order.pk}"
    )


def status_url(order):
    return f"{url(order, 'status/')}?seen={Order.unscoped.get(pk=order.pk).version}"


def test_the_page_shows_what_was_ordered(shopper, order):
    page = html(shopper.get(url(order)))
    assert f'data-testid="order-ref">{order.number}<' in page
    assert 'data-status="awaiting_payment"' in page
    assert "Fjord mug" in page
    assert "€24.89" in page
    assert "10115 Berlin" in page
    assert "Germany" in page
    assert "Includes 19 % tax" in page
    assert "Order placed" in page


def test_nobody_else_sees_an_order(order, stranger):
    pages = ["", "status/", "pay/"]
    signed_in = Client()
    signed_in.force_login(User.objects.create_user("mallory@example.com"))
    for somebody in (stranger, Client(), signed_in):
        for end in pages:
            for headers in ({}, STATUS):
                assert somebody.get(url(order, end), headers=headers).status_code == 404
                assert somebody.get(url(order, end).replace(order.ref, "x" * 22), headers=headers).status_code == 404
        assert somebody.post(url(order, "pay/"), {"payment_method": "paper"}).status_code == 404
        assert somebody.post(url(order, "reorder/")).status_code == 404
        assert order.number not in html(somebody.get("/orders/"))
    assert Order.unscoped.get().version == order.version


def test_a_number_is_not_an_address(shopper, order):
    assert shopper.get(f"/orders/{order.number}/").status_code == 404


def test_the_status_answers_204_until_something_changes(shopper, order):
    before = status_url(order)
    assert shopper.get(before, headers=STATUS).status_code == 204
    services.record_payment_pending(order_id=order.pk, payment_ref="p")
    response = shopper.get(before, headers=STATUS)
    assert response.status_code == 200
    assert "<html" not in html(response)
    assert "Your payment is under way" in html(response)
    assert "hx-trigger" in html(response)
    assert 'id="order-timeline" hx-swap-oob="true"' in html(response)


def test_polling_ends_with_an_element_without_trigger(shopper, order):
    before = status_url(order)
    pay(order)
    response = shopper.get(before, headers=STATUS)
    assert 'data-status="paid"' in html(response)
    assert "hx-get" not in html(response)
    assert "hx-trigger" not in html(response)


def test_an_unchanged_status_costs_one_query(shopper, order, django_assert_num_queries):
    address = status_url(order)
    with django_assert_num_queries(1):
        assert shopper.get(address, headers=STATUS).status_code == 204


def test_the_status_without_htmx_leads_to_the_page(shopper, order):
    assert shopper.get(url(order, "status/"))["Location"] == url(order)


def test_a_declined_payment_can_be_made_again(shopper, order, paper):
    services.record_payment_failure(order_id=order.pk, payment_ref="p")
    page = html(shopper.get(url(order)))
    assert "The payment was declined" in page
    assert f'action="{url(order, "pay/")}"' in page
    response = shopper.post(url(order, "pay/"), {"payment_method": "paper"})
    assert (response.status_code, response["Location"]) == (303, f"/payments/paper/{order.ref}/")
    assert "Waiting for your payment" in html(shopper.get(url(order)))


def test_trying_to_pay_again_and_again_is_429_and_says_when_to_go_on(shopper, order, paper, monkeypatch):
    monkeypatch.setattr("apps.orders.views.attempts.PAYMENTS_PER_ORDER", 3)
    before = len(paper.started)

    answers = [shopper.post(url(order, "pay/"), {"payment_method": "paper"}) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert len(paper.started) == before + 3


def test_the_way_to_pay_has_a_page_of_its_own(shopper, order):
    assert "Pay with Paper" in html(shopper.get(url(order, "pay/")))
    pay(order)
    assert shopper.get(url(order, "pay/"))["Location"] == url(order)


@pytest.mark.parametrize("method", ["cash", "\x00", "x" * 500])
def test_an_unknown_way_to_pay_leads_back_to_the_order(shopper, order, method):
    response = shopper.post(url(order, "pay/"), {"payment_method": method})
    assert (response.status_code, response["Location"]) == (303, url(order))


def test_a_paid_order_is_not_paid_again(shopper, order, paper):
    pay(order)
    started = list(paper.started)
    assert shopper.post(url(order, "pay/"), {"payment_method": "paper"})["Location"] == url(order)
    assert paper.started == started


@pytest.mark.parametrize("seen", ["", "x", "-1", "\x00", "9" * 500])
def test_a_strange_version_gets_the_fresh_state(shopper, order, seen):
    response = shopper.get(url(order, "status/"), {"seen": seen}, headers=STATUS)
    assert response.status_code == 200


def test_every_state_has_its_words(shopper, order):
    pay(order)
    assert "your order is paid" in html(shopper.get(url(order)))
    services.record_fulfilment(order_id=order.pk, to="packed")
    data = {"carrier": "Post", "tracking_number": "AB1", "tracking_url": "https://example.com/AB1"}
    services.record_fulfilment(order_id=order.pk, to="shipped", data=data)
    page = html(shopper.get(url(order)))
    assert "Your parcel is on its way" in page
    assert 'href="https://example.com/AB1"' in page
    services.record_fulfilment(order_id=order.pk, to="delivered")
    assert "Your parcel has arrived" in html(shopper.get(url(order)))


def test_a_closed_order_says_so(shopper, order):
    services.cancel_order(order_id=order.pk, restock=True, actor=None)
    page = html(shopper.get(url(order)))
    assert "This order was cancelled" in page
    assert "Pay now" not in page


def test_notes_of_staff_stay_inside(shopper, order):
    services.add_note(order_id=order.pk, text="Inside", actor=None)
    services.add_note(order_id=order.pk, text="Outside", actor=None, public=True)
    page = html(shopper.get(url(order)))
    assert "Inside" not in page
    assert "Outside" in page


def test_the_list_shows_own_orders_newest_first(shopper, order):
    later = make_order(owner=shopper.owner)
    page = html(shopper.get("/orders/"))
    assert page.index(later.number) < page.index(order.number)
    assert "No orders yet" in html(Client().get("/orders/"))


def test_the_list_costs_the_same_for_1_and_for_20_orders(shopper, order, django_assert_max_num_queries):
    with django_assert_max_num_queries(6) as one:
        shopper.get("/orders/")
    for _ in range(19):
        make_order(owner=shopper.owner)
    shopper.get("/cart/")  # what a process learns of a change once
    with django_assert_max_num_queries(6) as many:
        assert html(shopper.get("/orders/")).count("state--awaiting_payment") == 20
    assert len(one) == len(many)


def test_the_order_page_costs_the_same_for_1_and_for_24_lines(shopper, django_assert_max_num_queries):
    counts = []
    for lines in (1, 24):
        placed = make_order(
            owner=shopper.owner if shopper.owner.is_known else None, lines={make_variant(): 1 for _ in range(lines)}
        )
        token = services.issue_guest_link(order=placed)
        shopper.get(f"/orders/link/{token}/")
        with django_assert_max_num_queries(8) as captured:
            assert shopper.get(url(placed)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_ordering_again_fills_the_cart(shopper, order):
    response = shopper.post(url(order, "reorder/"))
    assert (response.status_code, response["Location"]) == (303, "/cart/")
    assert "Fjord mug" in html(shopper.get("/cart/"))


# --- Links in mails.


@pytest.fixture
def link(order):
    return f"/orders/link/{services.issue_guest_link(order=order)}/"


def test_a_link_opens_the_order_in_another_browser(order, link):
    phone = Shopper()
    response = phone.get(link)
    assert (response.status_code, response["Location"]) == (302, url(order))
    assert response["Referrer-Policy"] == "no-referrer"
    page = phone.get(url(order))
    assert page.status_code == 200
    assert page["Referrer-Policy"] == "same-origin"
    assert page["Cache-Control"] == "private, no-store"
    assert phone.post(url(order, "pay/"), {"payment_method": "paper"}).status_code == 303


def test_a_link_does_not_change_who_the_visitor_is(order, link, stranger):
    before = stranger.owner
    stranger.get(link)
    stranger.get(link)
    assert stranger.owner == before
    assert OrderAccess.unscoped.count() == 1
    assert 'data-testid="cart-line"' in html(stranger.get("/cart/"))


def test_a_link_works_for_an_account_too(order, link, client):
    user = User.objects.create_user("grace@example.com")
    client.force_login(user)
    assert client.get(link).status_code == 302
    assert client.get(url(order)).status_code == 200
    assert Order.objects.for_owner(Owner(user_id=user.pk)).get() == order
    assert Order.unscoped.get().user is None


def test_only_the_hash_of_a_token_is_kept(order):
    token = services.issue_guest_link(order=order)
    assert token not in str(GuestLink.unscoped.values().last())


def test_a_link_that_ran_out_is_404_and_so_is_its_order(order, link):
    phone = Shopper()
    phone.get(link)
    GuestLink.unscoped.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert phone.get(url(order)).status_code == 404
    assert Client().get(link).status_code == 404


def test_a_revoked_link_is_404_and_so_is_its_order(order, link):
    phone = Shopper()
    phone.get(link)
    assert services.revoke_guest_links(order=order) == 2  # this one, and that of the confirmation
    assert phone.get(url(order)).status_code == 404
    assert Client().get(link).status_code == 404


def test_an_unknown_link_is_404(client):
    assert client.get("/orders/link/nonsense/").status_code == 404


def test_links_live_as_long_as_the_setting_says(order, settings):
    settings.GUEST_LINK_DAYS = 3
    services.issue_guest_link(order=order)
    left = GuestLink.unscoped.last().expires_at - timezone.now()
    assert timedelta(days=2, hours=23) < left <= timedelta(days=3)


# --- Accounts.


def test_guest_orders_join_the_account_of_their_address(order):
    user = User.objects.create_user("ada@example.com")
    other = make_order(email="grace@example.com")
    assert services.claim_orders(user_id=user.pk, email="ADA@example.com") == 1
    assert Order.unscoped.get(pk=order.pk).user == user
    assert Order.unscoped.get(pk=order.pk).guest_key is None
    assert Order.unscoped.get(pk=other.pk).user is None


def test_an_order_of_an_account_is_not_claimed_by_another():
    first = User.objects.create_user("first@example.com")
    owner = make_cart(owner=Owner(user_id=first.pk))
    order = make_order(owner=owner, email="second@example.com")
    second = User.objects.create_user("second@example.com")
    assert services.claim_orders(user_id=second.pk, email="second@example.com") == 0
    assert Order.unscoped.get(pk=order.pk).user == first
