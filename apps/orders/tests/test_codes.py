"""Discounts from the cart to the order: codes, placing, giving back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.catalog.models import Stock
from apps.catalog.tests.factories import make_category, make_variant, published_together
from apps.core.invariants import audit
from apps.core.ownership import Owner
from apps.orders import selectors, services
from apps.orders.errors import CodeRefused, EmptyCart, PriceChanged, TooManyCodes
from apps.orders.models import Cart, Order
from apps.orders.tests.factories import make_cart, make_details, make_guest, make_order
from apps.orders.tests.shopper import swap
from apps.pricing.errors import DiscountGone
from apps.pricing.explanation import recompute, stored_figures
from apps.pricing.models import Discount, Redemption
from apps.pricing.rules import Refusal
from apps.pricing.tests.factories import make_discount
from apps.users.models import User

pytestmark = pytest.mark.django_db

CART, CHECKOUT = reverse("orders:cart"), reverse("orders:checkout")
CODES, REMOVE = reverse("orders:cart-code"), reverse("orders:cart-code-remove")


def html(response):
    return response.content.decode()


def discounted_cart(code="TEN", **lines):
    owner = make_cart(lines={make_variant(price=1999): 2})
    services.add_code(owner=owner, text=code)
    return owner


def place(owner, shown, **details):
    token = selectors.basket(owner).token
    return services.place_order(owner=owner, token=token, details=make_details(**details), shown_total=shown)


def uses():
    return list(Discount.objects.order_by("pk").values_list("used", flat=True))


def broken():
    """What the audit says of orders and discounts; the payments of these tests are on paper."""
    return [found for found in audit() if found.invariant.startswith(("orders.", "pricing."))]


# The cart


def test_a_code_is_kept_as_it_is_stored_and_once():
    make_discount(code="TEN")
    owner = make_cart()
    for text in (" ten ", "T E N", "TEN"):
        assert services.add_code(owner=owner, text=text).refusal is None
    assert selectors.basket(owner).codes == ("TEN",)


@pytest.mark.parametrize("text", ["NOPE", "", "ä", "x" * 300, "A\x00B", "<b>", "DRAFT"])
def test_a_code_that_is_none_is_refused_and_not_kept(text):
    make_discount(code="DRAFT", active=False)
    owner = make_cart()
    with pytest.raises(CodeRefused):
        services.add_code(owner=owner, text=text)
    assert selectors.basket(owner).codes == ()


def test_a_code_that_only_lacks_goods_is_kept_and_waits():
    make_discount(code="TEN", minimum_goods=3000)
    owner = make_cart(lines={make_variant(price=1999): 1})
    assert services.add_code(owner=owner, text="TEN").refusal == Refusal.MINIMUM
    assert services.quote_goods(selectors.basket(owner)).total.amount == 1999
    services.add_to_cart(owner=owner, sku=selectors.basket(owner).lines[0].variant.sku, quantity=1)
    assert services.quote_goods(selectors.basket(owner)).total.amount == 3598


def test_without_a_cart_there_is_nothing_to_discount():
    make_discount(code="TEN")
    with pytest.raises(EmptyCart):
        services.add_code(owner=make_guest(), text="TEN")


def test_a_cart_keeps_five_codes():
    owner = make_cart()
    for number in range(5):
        services.add_code(owner=owner, text=make_discount(code=f"CODE{number}").code)
    make_discount(code="CODE5")
    with pytest.raises(TooManyCodes):
        services.add_code(owner=owner, text="CODE5")
    assert len(selectors.basket(owner).codes) == 5


def test_signing_in_keeps_the_codes_of_both_carts():
    for code in ("ONE", "TWO"):
        make_discount(code=code)
    user = User.objects.create_user("ada@example.com")
    account, guest = make_cart(owner=Owner(user_id=user.pk)), make_cart()
    services.add_code(owner=account, text="ONE")
    for code in ("ONE", "TWO"):
        services.add_code(owner=guest, text=code)
    services.merge_guest_cart(guest=guest, user_id=user.pk)
    assert selectors.basket(account).codes == ("ONE", "TWO")


def test_a_discount_of_a_category_reaches_everything_below_it():
    kitchen = make_category(name="Kitchen", slug="kitchen")
    pans = make_category(name="Pans", slug="pans", parent=kitchen)
    make_discount(categories=[kitchen])
    pan = make_variant(price=1000, product_fields={"category": pans})
    owner = make_cart(lines={pan: 1, make_variant(price=1000): 1})
    assert services.quote_goods(selectors.basket(owner)).discount.amount == 100


# Pages


@pytest.fixture
def buyer(shopper):
    shopper.add(make_variant(title="Fjord mug", price=1999).sku, 2)
    return shopper


def test_a_code_is_entered_on_the_cart_page(buyer):
    make_discount(code="TEN", name="Ten for you")
    response = buyer.post(CODES, {"code": "ten"})
    assert (response.status_code, response["Location"]) == (303, CART)
    page = html(buyer.get(CART))
    assert "Ten for you (TEN)" in page
    assert 'data-testid="cart-total">€35.98<' in page
    assert "Fjord mug: 10 % of €39.98 = €3.998, rounded to €4.00" in page


def test_a_code_is_entered_in_the_panel(buyer):
    make_discount(code="TEN")
    response = buyer.post(CODES, {"code": "ten"}, headers=swap("cart-panel"))
    assert response.status_code == 200
    assert "<html" not in html(response)
    assert 'data-testid="cart-total">€35.98<' in html(response)


def test_a_code_is_removed(buyer):
    make_discount(code="TEN")
    buyer.post(CODES, {"code": "TEN"})
    assert buyer.post(REMOVE, {"code": "TEN"}).status_code == 303
    assert buyer.post(REMOVE, {"code": "TEN"}).status_code == 303
    assert 'data-testid="cart-total">€39.98<' in html(buyer.get(CART))


@pytest.mark.parametrize("headers", [{}, swap("cart-panel")])
def test_a_refused_code_is_409_above_the_cart(buyer, headers):
    response = buyer.post(CODES, {"code": "nope"}, headers=headers)
    assert response.status_code == 409
    assert "The code NOPE can&#x27;t be used: there is no such code at the moment." in html(response)
    assert 'data-testid="cart-total">€39.98<' in html(response)


def test_every_refusal_is_said_in_words(buyer):
    now = timezone.now()
    make_discount(code="SOON", starts_at=now + timedelta(hours=1))
    make_discount(code="OVER", ends_at=now - timedelta(hours=1))
    make_discount(code="FULL", total_limit=1, used=1)
    make_discount(code="BIGCART", minimum_goods=5000)
    make_discount(code="THREE", kind="buy_x_get_y")
    make_discount(code="PANS", categories=[make_category()])
    make_discount(code="ALONE", kind="amount", value=1, combinable=False)
    make_discount(code="SHIP", kind="free_shipping")
    make_discount(code="GOOD")
    said = {
        "SOON": "there is no such code at the moment",
        "OVER": "its time is over",
        "FULL": "it has been used as often as it could be",
        "BIGCART": "goods for €10.02 more are needed",
        "THREE": "1 more piece is needed",
        "PANS": "nothing in your cart belongs to it",
        "SHIP": "takes off the delivery, at the checkout",
    }
    for code, text in said.items():
        assert text in html(buyer.post(CODES, {"code": code}, follow=True))
        buyer.post(REMOVE, {"code": code})
    buyer.post(CODES, {"code": "GOOD"})
    assert "those save you more" in html(buyer.post(CODES, {"code": "ALONE"}, follow=True))


def test_guessing_codes_is_stopped(buyer, monkeypatch):
    monkeypatch.setattr("apps.orders.views.attempts.CODES_PER_OWNER", 2)
    make_discount(code="TEN")
    answers = [buyer.post(CODES, {"code": code}).status_code for code in ("A", "B", "TEN")]
    assert answers == [409, 409, 429]
    assert int(buyer.post(CODES, {"code": "TEN"})["Retry-After"]) > 0
    assert buyer.post(CHECKOUT, {"action": "add-code", "code": "TEN"}).status_code == 429
    assert selectors.basket(buyer.owner).codes == ()


def test_guessing_from_one_address_is_stopped_later(buyer, stranger, monkeypatch):
    monkeypatch.setattr("apps.orders.views.attempts.CODES_PER_ADDRESS", 1)
    assert [who.post(CODES, {"code": "A"}).status_code for who in (buyer, stranger)] == [409, 429]


def test_another_visitors_cart_is_not_touched(buyer, stranger):
    make_discount(code="TEN")
    buyer.post(CODES, {"code": "TEN"})
    stranger.post(REMOVE, {"code": "TEN"})
    assert selectors.basket(buyer.owner).codes == ("TEN",)
    assert selectors.basket(stranger.owner).codes == ()


def test_a_discounted_cart_costs_five_statements_at_most(shopper, django_assert_max_num_queries):
    make_discount()
    make_discount(code="TEN", categories=[make_category()])
    with published_together():
        variants = [make_variant() for _ in range(24)]
    for variant in variants:
        shopper.add(variant.sku)
    shopper.post(CODES, {"code": "TEN"})
    with django_assert_max_num_queries(5):
        page = html(shopper.get(CART))
    assert (page.count('data-testid="cart-line"'), "TEN" in page) == (24, True)


def test_the_checkout_takes_a_code_and_keeps_what_was_typed(buyer):
    make_discount(code="TEN")
    fields = {"shipping-name": "Ada L", "shipping-country": "DE", "action": "add-code", "code": "ten"}
    for headers in ({}, swap("checkout-summary")):
        page = html(buyer.post(CHECKOUT, fields, headers=headers))
        assert 'data-amount="4088"' in page
        assert "Mug: 10 % of" in page or "mug: 10 % of" in page
    assert 'value="Ada L"' in html(buyer.post(CHECKOUT, fields))
    page = html(buyer.post(CHECKOUT, {**fields, "action": "remove-code TEN", "code": ""}))
    assert 'data-amount="4488"' in page


def test_a_wrong_code_at_the_checkout_is_409_and_can_be_corrected(buyer):
    response = buyer.post(CHECKOUT, {"action": "add-code", "code": "wrong"}, headers=swap("checkout-summary"))
    assert response.status_code == 409
    assert 'value="wrong"' in html(response)
    assert "there is no such code" in html(response)


def test_what_is_being_typed_is_no_code_yet_and_stays_untouched(buyer):
    make_discount(code="TEN")
    fields = {"action": "update", "code": "TEN"}
    answer = html(buyer.post(CHECKOUT, fields, headers=swap("checkout-summary")))
    assert 'name="code"' not in answer
    assert selectors.basket(buyer.owner).codes == ()


def test_an_applied_code_leaves_an_empty_field(buyer):
    make_discount(code="TEN")
    answer = html(buyer.post(CHECKOUT, {"action": "add-code", "code": "ten"}, headers=swap("checkout-summary")))
    assert 'id="checkout-code-form" hx-swap-oob="true"' in answer
    assert 'name="code" value=""' in answer


def test_a_code_typed_but_not_applied_is_asked_about_before_ordering(buyer):
    make_discount(code="TEN")
    response = buyer.place({**buyer.fields(), "code": "TEN"})
    assert response.status_code == 409
    assert 'data-amount="4088"' in html(response)
    assert Order.unscoped.count() == 0
    assert buyer.place().status_code == 303
    assert Order.unscoped.get().total == 4088


# Placing


def test_the_order_keeps_discounts_and_the_reasons_of_its_amounts():
    ten = make_discount(code="TEN", name="Ten for you")
    owner = discounted_cart()
    order = place(owner, 4088)
    line = order.lines.get()
    assert (order.subtotal, order.discount_total, order.total, line.discount) == (3998, 400, 4088, 400)
    assert order.discounts == [{"id": ten.pk, "code": "TEN", "name": "Ten for you", "amount": 400, "delivery": 0}]
    assert line.tax == 574  # of 35.98
    figures = recompute(order.explanation)
    assert figures == stored_figures(order.explanation)
    assert (figures.total, figures.tax, figures.lines) == (order.total, order.tax_total, ((400, 574),))
    assert Redemption.objects.values_list("order_ref", "amount").get() == (order.ref, 400)
    assert uses() == [1]
    assert broken() == []


def test_free_delivery_is_zero_on_the_order_with_its_tax():
    make_discount(code="SHIP", kind="free_shipping")
    order = place(discounted_cart("SHIP"), 3998)
    assert (order.shipping_total, order.discount_total, order.total) == (0, 0, 3998)
    assert order.tax_total == 638
    assert order.discounts[0]["delivery"] == 490


def test_nothing_to_pay_needs_no_way_to_pay(paper):
    make_discount(code="ALL", value=1_000_000)
    make_discount(code="SHIP", kind="free_shipping")
    owner = discounted_cart("ALL")
    services.add_code(owner=owner, text="SHIP")
    order = place(owner, 0, payment_method="")
    order.refresh_from_db()
    assert (order.total, order.discount_total, order.status) == (0, 3998, "paid")
    assert paper.prepared == []
    assert uses() == [1, 1]
    assert broken() == []


@pytest.mark.parametrize("change", [{"ends_at": timezone.now()}, {"state": "ended"}, {"total_limit": 1, "used": 1}])
def test_a_code_that_ended_since_the_review_is_asked_about(buyer, change):
    make_discount(code="TEN")
    buyer.post(CODES, {"code": "TEN"})
    fields = buyer.fields()
    Discount.objects.update(**change)
    before = uses()
    response = buyer.place(fields)
    assert response.status_code == 409
    assert 'data-amount="4488"' in html(response)
    assert "The code TEN can&#x27;t be used" in html(response)
    assert (Order.unscoped.count(), uses(), Stock.objects.get().reserved) == (0, before, 0)
    assert buyer.place().status_code == 303


def test_a_code_that_this_customer_used_is_asked_about(buyer):
    make_discount(code="ONCE", per_customer_limit=1)
    place(discounted_cart("ONCE"), 4088, email="ADA+x@example.com")
    buyer.post(CODES, {"code": "ONCE"})
    response = buyer.place({**buyer.fields(email="bob@example.com"), "email": "ada@example.com"})
    assert response.status_code == 409
    assert "one customer can use it no more often" in html(response)
    assert Order.unscoped.count() == 1


def test_a_code_removed_in_another_tab_is_asked_about():
    make_discount(code="TEN")
    owner = discounted_cart()
    offer = services.quote_basket(
        selectors.basket(owner), country="DE", postal_code="10115", shipping_method="standard"
    )
    services.remove_code(owner=owner, text="TEN")
    with pytest.raises(PriceChanged):
        services.place_order(
            owner=owner, token=offer.basket.token, details=make_details(), shown_total=4088, offer=offer
        )
    assert (Order.unscoped.count(), uses()) == (0, [0])


@pytest.mark.parametrize("change", [{"state": "ended"}, {"total_limit": 1, "used": 1}, {"value": 1, "version": 2}])
def test_a_code_that_ended_in_the_last_moment_changes_nothing(change):
    make_discount(code="TEN")
    owner = discounted_cart()
    offer = services.quote_basket(
        selectors.basket(owner), country="DE", postal_code="10115", shipping_method="standard"
    )
    Discount.objects.update(**change)
    before = uses()
    with pytest.raises(DiscountGone):
        services.place_order(
            owner=owner, token=offer.basket.token, details=make_details(), shown_total=4088, offer=offer
        )
    assert (Order.unscoped.count(), uses(), Redemption.objects.count()) == (0, before, 0)
    assert Cart.unscoped.get().state == Cart.State.OPEN


def test_placing_with_a_discount_costs_the_same_for_1_and_24_lines(django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make_discount(code="TEN", per_customer_limit=99)
    costs = set()
    for lines in (1, 24):
        owner = make_cart(lines={make_variant(price=1000, weight_grams=1): 1 for _ in range(lines)})
        services.add_code(owner=owner, text="TEN")
        offer = services.quote_basket(
            selectors.basket(owner), country="DE", postal_code="10115", shipping_method="standard"
        )
        with CaptureQueriesContext(connection) as captured:
            services.place_order(
                owner=owner,
                token=offer.basket.token,
                details=make_details(),
                shown_total=offer.quote.total.amount,
                offer=offer,
            )
        costs.add(len(captured))
    assert len(costs) == 1


# Giving back


def test_cancelling_gives_the_use_back_once():
    make_discount(code="TEN")
    order = place(discounted_cart(), 4088)
    services.cancel_order(order_id=order.pk, restock=True, actor=None)
    assert uses() == [0]
    assert broken() == []


def test_expiring_gives_the_use_back_and_late_money_takes_it_again():
    make_discount(code="TEN", total_limit=1)
    order = place(discounted_cart(), 4088)
    Order.unscoped.update(hold_expires_at=order.placed_at)
    assert services.expire_order(order_id=order.pk)
    assert uses() == [0]
    taken = services.record_payment(order_id=order.pk, amount=4088, currency="EUR", payment_ref="late")
    assert (taken, uses()) == (services.Taken.PAID, [1])
    assert broken() == []


def test_late_money_for_a_use_that_went_to_another_goes_back():
    make_discount(code="TEN", total_limit=1)
    order = place(discounted_cart(), 4088)
    Order.unscoped.update(hold_expires_at=order.placed_at)
    services.expire_order(order_id=order.pk)
    place(discounted_cart(), 4088)
    taken = services.record_payment(order_id=order.pk, amount=4088, currency="EUR", payment_ref="late")
    assert taken == services.Taken.TOO_LATE
    assert uses() == [1]
    assert Stock.objects.get(variant_id=order.lines.get().variant_id).reserved == 0
    assert broken() == []


# What the audit says


def test_a_shop_with_discounts_breaks_none():
    make_discount(code="TEN")
    make_discount(kind="free_shipping")
    place(discounted_cart(), 3598)
    make_order()
    assert broken() == []


@pytest.mark.parametrize(
    ("spoil", "invariant"),
    [
        (lambda order: Discount.objects.update(used=2), "pricing.uses_are_redemptions"),
        (lambda order: Redemption.objects.update(freed_at=order.placed_at), "pricing.uses_are_redemptions"),
        (lambda order: Redemption.objects.update(order_ref="none"), "orders.discounts_are_redeemed"),
        (lambda order: Order.unscoped.update(discounts=[]), "orders.discounts_are_its_parts"),
        (
            lambda order: Order.unscoped.update(explanation={**order.explanation, "discounts": []}),
            "orders.explanation_recomputes",
        ),
        (lambda order: order.lines.update(tax=1), "orders.explanation_recomputes"),
        (lambda order: Order.unscoped.update(explanation={"version": 9}), "orders.explanation_recomputes"),
    ],
)
def test_a_spoiled_book_of_discounts_is_found(spoil, invariant):
    make_discount(code="TEN")
    order = place(discounted_cart(), 4088)
    spoil(order)
    assert invariant in {finding.invariant for finding in audit()}
