import pytest
from django.urls import reverse

from apps.catalog.models import Stock
from apps.catalog.tests.factories import make_variant
from apps.orders.models import Cart, Order
from apps.orders.tests.providers import registered
from apps.orders.tests.shopper import swap
from apps.users.models import Address, User

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

CHECKOUT = "/checkout/"


def html(response):
    return response.content.decode()


@pytest.fixture
def variant():
    return make_variant(price=1999, title="Fjord mug", on_hand=5)


@pytest.fixture
def buyer(shopper, variant):
    shopper.add(variant.sku)
    return shopper


def test_the_page_shows_the_total_and_what_to_choose(buyer):
    page = html(buyer.get(CHECKOUT))
    assert 'data-testid="checkout-total" data-amount="2489">€24.89<' in page
    assert 'name="shipping-line1"' in page
    assert 'value="express"' in page
    assert 'value="paper"' in page
    assert 'data-testid="place-order"' in page
    assert 'autocomplete="shipping postal-code"' in page


def test_an_empty_cart_leads_back_to_the_cart(shopper):
    response = shopper.get(CHECKOUT)
    assert (response.status_code, response["Location"]) == (302, "/cart/")


def test_placing_leads_to_the_payment(buyer, variant):
    response = buyer.place()
    order = Order.unscoped.get()
    assert (response.status_code, response["Location"]) == (303, f"/payments/paper/{order.ref}/")
    assert (order.total, order.email, order.language) == (2489, "ada@example.com", "en")
    assert order.shipping_address["city"] == "Berlin"
    assert order.billing_address == order.shipping_address
    assert Stock.objects.get(variant=variant).reserved == 1


def test_a_bank_that_is_away_leads_to_the_order(buyer, paper):
    paper.reachable = False
    response = buyer.place()
    assert response["Location"] == Order.unscoped.get().get_absolute_url()


def test_the_same_form_twice_is_one_order(buyer):
    fields = buyer.fields()
    first, second = buyer.place(fields), buyer.place(fields)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first["Location"] == second["Location"]
    assert Order.unscoped.count() == 1


def test_even_a_broken_form_finds_the_order_that_it_became(buyer):
    fields = buyer.fields()
    first = buyer.place(fields)
    again = buyer.place({"checkout_token": fields["checkout_token"]})
    assert (again.status_code, again["Location"]) == (303, first["Location"])


def test_another_address_for_the_invoice(buyer):
    billing = {
        f"billing-{name}": value
        for name, value in {
            "name": "Analytical Engines",
            "line1": "Ring 2",
            "city": "Wien",
            "postal_code": "1010",
            "country": "AT",
        }.items()
    }
    fields = buyer.fields(**billing)
    del fields["billing_same"]
    assert buyer.place(fields).status_code == 303
    order = Order.unscoped.get()
    assert order.billing_address["city"] == "Wien"
    assert order.shipping_address["city"] == "Berlin"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"shipping-name": ""}, "shipping-name"),
        ({"shipping-postal_code": "ABC"}, "shipping-postal_code"),
        ({"shipping-country": "XX"}, "shipping-country"),
        ({"shipping-city": "a\x00b"}, "shipping-city"),
        ({"shipping_method": "teleport"}, "shipping_method"),
        ({"payment_method": "cash"}, "payment_method"),
        ({"note": "x" * 1001}, "note"),
        ({"billing_same": ""}, "billing-name"),
    ],
)
def test_a_wrong_entry_is_422_and_named(buyer, variant, changes, field):
    response = buyer.place(**changes)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert 'data-testid="form-error"' in html(response)
    assert Order.unscoped.count() == 0
    assert Stock.objects.get(variant=variant).reserved == 0


def test_a_region_is_asked_for_where_parcels_need_it(buyer):
    response = buyer.place(**{"shipping-country": "US", "shipping-postal_code": "10001"})
    assert response.status_code == 422
    assert "shipping-region" in response.context["form"].errors


def test_what_was_typed_comes_back(buyer):
    page = html(buyer.place(**{"shipping-name": "Grace <b>", "email": "nobody"}))
    assert "Grace &lt;b&gt;" in page


def test_a_changed_price_is_409_with_the_new_total(buyer, variant):
    fields = buyer.fields()
    variant.price = 2999
    variant.save()
    response = buyer.place(fields)
    assert response.status_code == 409
    assert 'data-amount="3489"' in html(response)
    assert Order.unscoped.count() == 0
    again = {**fields, "shown_total": 3489}
    assert buyer.place(again).status_code == 303


@pytest.mark.parametrize("shown", ["", "1", "-2489", "24.89", "٢٤٨٩", "9" * 40, None])
def test_a_strange_shown_total_is_409(buyer, shown):
    fields = buyer.fields()
    fields = {**fields, "shown_total": shown} if shown is not None else {**fields, "shown_total": "x"}
    assert buyer.place(fields).status_code == 409
    assert Order.unscoped.count() == 0


def test_sold_out_is_409_and_says_what(buyer, variant):
    buyer.set_line(variant.sku, 9)
    response = buyer.place()
    assert response.status_code == 409
    assert 'data-testid="sold-out"' in html(response)
    assert "Only 5 of Fjord mug are left." in html(response)
    assert Order.unscoped.count() == 0
    assert Cart.unscoped.get().state == Cart.State.OPEN


@pytest.mark.parametrize("token", ["", "nonsense", "5e8f1b9c-0000-4000-8000-000000000000", "a\x00b"])
def test_an_unknown_token_is_409_with_the_fresh_page(buyer, token):
    response = buyer.place({**buyer.fields(), "checkout_token": token})
    assert response.status_code == 409
    assert Order.unscoped.count() == 0
    fresh = str(Cart.unscoped.get().checkout_token)
    assert fresh in html(response)


def test_the_token_of_another_is_409_and_leaves_their_cart(buyer, stranger):
    theirs = stranger.fields()
    response = buyer.place({**buyer.fields(), "checkout_token": theirs["checkout_token"]})
    assert response.status_code == 409
    assert theirs["checkout_token"] not in html(response)
    assert Order.unscoped.count() == 0


def test_an_empty_cart_is_409(shopper, buyer, variant):
    fields = buyer.fields()
    buyer.set_line(variant.sku, 0)
    response = buyer.place(fields)
    assert response.status_code == 409
    assert "There is nothing in your cart to order." in html(response)
    assert Order.unscoped.count() == 0


def test_a_country_without_delivery_is_409(buyer):
    response = buyer.place(**{"shipping-country": "JP", "shipping-postal_code": "100-0001"})
    assert response.status_code == 409
    assert "deliver to this address" in html(response)
    assert Order.unscoped.count() == 0


def test_without_a_way_to_pay_the_page_says_so_and_placing_is_409(buyer):
    with registered(methods=[]):
        assert "Payment is not set up" in html(buyer.get(CHECKOUT))
        response = buyer.place()
    assert response.status_code == 409
    assert Order.unscoped.count() == 0


def test_update_quotes_again_and_never_places(buyer):
    fields = {**buyer.fields(), "shipping-country": "CH", "action": "update"}
    page = buyer.post(CHECKOUT, fields)
    assert page.status_code == 200
    assert "<html" in html(page)
    assert 'data-amount="3489"' in html(page)
    assert Order.unscoped.count() == 0


def test_update_by_swap_sends_summary_and_deliveries(buyer):
    fields = {**buyer.fields(), "shipping_method": "express", "action": "update"}
    part = buyer.post(CHECKOUT, fields, headers=swap("checkout-summary"))
    assert part.status_code == 200
    assert "<html" not in html(part)
    assert 'id="checkout-summary"' in html(part)
    assert 'data-amount="2989"' in html(part)
    assert 'name="shown_total" value="2989"' in html(part)
    assert 'id="checkout-methods" hx-swap-oob="true"' in html(part)
    assert Order.unscoped.count() == 0


@pytest.mark.parametrize("country", ["", "XX", "DE\x00", "x" * 5000, "ＤＥ"])
def test_update_with_a_strange_country_is_harmless(buyer, country):
    response = buyer.post(CHECKOUT, {"action": "update", "shipping-country": country})
    assert response.status_code == 200


def test_update_of_an_empty_cart_leads_back_to_the_cart(shopper):
    assert shopper.post(CHECKOUT, {"action": "update"})["Location"] == "/cart/"
    swapped = shopper.post(CHECKOUT, {"action": "update"}, headers=swap("checkout-summary"))
    assert (swapped.status_code, swapped["HX-Redirect"]) == (204, "/cart/")


def test_an_update_that_comes_after_placing_does_not_lead_the_buyer_away_from_paying(buyer):
    fields = buyer.fields()
    assert buyer.place(fields).status_code == 303
    late = buyer.post(CHECKOUT, {**fields, "action": "update"}, headers=swap("checkout-summary"))
    assert (late.status_code, late.content) == (204, b"")
    assert "HX-Redirect" not in late
    assert buyer.post(CHECKOUT, {**fields, "action": "update"})["Location"] == "/cart/"
    assert Order.unscoped.count() == 1


def test_posted_prices_change_nothing(buyer):
    fields = {**buyer.fields(), "total": "1", "subtotal": "1", "shipping_total": "0", "price": "1"}
    assert buyer.place(fields).status_code == 303
    assert Order.unscoped.get().total == 2489


def test_too_many_attempts_are_429_and_say_when_to_try_again(buyer, monkeypatch):
    monkeypatch.setattr("apps.orders.views.attempts.CHECKOUTS_PER_OWNER", 3)
    codes = [buyer.place({"checkout_token": ""}).status_code for _ in range(4)]
    assert codes == [409, 409, 409, 429]
    response = buyer.place({"checkout_token": ""})
    assert 0 < int(response["Retry-After"]) <= 600


# --- Customers with an address book.


@pytest.fixture
def customer(buyer):
    user = User.objects.create_user("grace@example.com")
    buyer.force_login(user)
    return user


def make_address(user, **fields):
    values = {"name": "Grace Hopper", "line1": "Weg 3", "city": "Graz", "postal_code": "8010", "country": "AT"}
    return Address.unscoped.create(user=user, **{**values, **fields})


def test_a_saved_address_is_chosen_and_copied(customer, buyer, variant):
    address = make_address(customer, is_default_shipping=True)
    buyer.add(variant.sku)
    page = html(buyer.get(CHECKOUT))
    assert f'<option value="{address.pk}" selected>' in page
    assert 'value="grace@example.com"' in page
    fields = buyer.fields(**{"shipping-saved": str(address.pk), "shipping-name": "", "shipping-line1": ""})
    assert buyer.place(fields).status_code == 303
    order = Order.unscoped.get()
    assert order.shipping_address == address.as_dict()
    assert order.user == customer


def test_the_address_of_another_is_refused(customer, buyer, variant):
    make_address(customer)
    foreign = make_address(User.objects.create_user("mallory@example.com"), city="Elsewhere")
    buyer.add(variant.sku)
    for key in (str(foreign.pk), "0", "x", "\x00"):
        fields = {**buyer.fields(), "shipping-saved": key}
        response = buyer.place(fields)
        assert response.status_code == 422
        assert "Elsewhere" not in html(response)
        requoted = buyer.post(CHECKOUT, {**fields, "action": "update"})
        assert requoted.status_code == 200
        assert "Elsewhere" not in html(requoted)
    assert Order.unscoped.count() == 0


def test_a_guest_has_no_address_book(buyer):
    foreign = make_address(User.objects.create_user("mallory@example.com"), city="Elsewhere")
    assert buyer.place(**{"shipping-saved": str(foreign.pk)}).status_code == 303
    assert Order.unscoped.get().shipping_address["city"] == "Berlin"


def test_placing_costs_at_most_30_statements_for_1_and_for_24_lines(shopper, django_assert_max_num_queries):
    counts = []
    for lines in (1, 24):
        for _ in range(lines):
            shopper.add(make_variant().sku)
        fields = shopper.fields()
        with django_assert_max_num_queries(30) as captured:
            assert shopper.place(fields).status_code == 303
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_form_for_placing_carries_no_htmx(buyer):
    page = html(buyer.get(CHECKOUT))
    form = page[page.index('<form class="checkout__form') :]
    assert "hx-" not in form[: form.index(">")]
    assert reverse("orders:checkout") in form[: form.index(">")]
