"""A draft discount on the orders and carts of the last month, in the admin."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.catalog.tests.factories import make_variant
from apps.orders import services
from apps.orders.models import Order
from apps.orders.tests.factories import make_cart, make_order
from apps.pricing.replaying import replay
from apps.pricing.tests.factories import make_discount
from apps.users.tests.factories import make_user
from tests.support.admin_pages import content

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]


@pytest.fixture
def page(client):
    client.force_login(make_user(email="boss@example.com", is_staff=True, is_superuser=True))
    return lambda discount: client.get(reverse("admin:pricing_discount_replay", args=[discount.pk]))


def test_orders_and_carts_of_a_month_are_counted():
    pan, mug = make_variant(price=5000), make_variant(price=1000)
    discount = make_discount(active=False, products=[pan.product])
    make_order(lines={pan: 1, mug: 1})
    make_order(lines={mug: 1})
    old, cancelled = make_order(lines={pan: 1}), make_order(lines={pan: 1})
    Order.unscoped.filter(pk=old.pk).update(placed_at=old.placed_at - timedelta(days=31))
    services.cancel_order(order_id=cancelled.pk, restock=True, actor=None)
    make_cart(lines={pan: 1})
    make_cart(lines={mug: 1})
    told = replay(discount)
    assert (told.orders, len(told.order_effects), told.carts, len(told.cart_effects)) == (2, 1, 2, 1)
    assert (told.before.amount, told.after.amount) == (6490 + 1490, 5990 + 1490)


def test_an_order_older_than_explanations_is_tried_by_its_columns():
    make_order(lines={make_variant(price=1000): 1})
    Order.unscoped.update(explanation={})
    assert replay(make_discount(active=False, kind="free_shipping")).difference.amount == 490


def test_a_discount_that_is_at_work_is_not_taken_twice_by_a_better_trial():
    make_discount(code=None, value=100_000)
    make_order(lines={make_variant(price=1000): 1})
    told = replay(make_discount(active=False, value=200_000, combinable=False))
    assert (told.before.amount, told.after.amount) == (1390, 1290)


@pytest.mark.parametrize("orders", [1, 24])
def test_the_page_costs_twelve_statements_at_most(page, orders, django_assert_max_num_queries):
    discount = make_discount(active=False, products=[make_variant().product])
    for _ in range(orders):
        make_order()
        make_cart()
    with django_assert_max_num_queries(12):
        assert page(discount).status_code == 200


def test_the_page_shows_the_figures_and_the_button(page):
    discount = make_discount(active=False, code="TEN")
    order = make_order(lines={make_variant(price=5000): 1})
    html = page(discount).content.decode()
    assert order.number in html
    assert "€54.90" in html
    assert "€49.90" in html
    assert "Activate" in html
    assert "the most it can cost" in html


def test_a_trial_says_all_its_figures(page):
    order = make_order(lines={make_variant(price=1999): 2})
    code = make_discount(name="Ten", code="TEN")
    draft = make_discount(name="Five", kind="amount", active=False, minimum_goods=4000)

    assert content(page(code).text) == (
        "Ten: Try on the last month 10 % off everything, with the code TEN Change it "
        "Where it takes off most Order Before After Less "
        f"{order.number} €44.88 €40.88 €4.00 "
        "The last 30 days Orders that would have got it 1 of 1 Open carts that would get it 0 of 0 "
        "Revenue as it was €44.88 Revenue with the discount €40.88 It would have cost €4.00 "
        "As if everybody had entered the code: the most it can cost. "
        "Orders keep the discounts they had; limits are kept, dates are not."
    )
    assert content(page(draft).text) == (
        "Five: Try on the last month €5.00 off everything, from €40.00 Activate Change it "
        "Where it takes off most No order and no cart would have got it. "
        "The last 30 days Orders that would have got it 0 of 1 Open carts that would get it 0 of 0 "
        "Revenue as it was €44.88 Revenue with the discount €44.88 It would have cost €0.00 "
        "Orders keep the discounts they had; limits are kept, dates are not. "
        "What more people would have bought is not guessed."
    )
