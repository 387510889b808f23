"""Real threads on a real database: what two requests at once do to carts and orders."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from apps.catalog.errors import SoldOut
from apps.catalog.models import Stock
from apps.catalog.tests.factories import make_variant
from apps.core.ownership import Owner
from apps.orders import selectors, services
from apps.orders.models import Cart, Order
from apps.orders.tests.factories import make_cart, make_details, make_guest, make_order
from apps.users.models import User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def at_once(*calls):
    """Run the calls in threads that start together; returns what each returned or raised."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            barrier.wait()
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_two_sign_ins_at_once_merge_a_cart_once():
    user = User.objects.create_user("ada@example.com")
    account, guest = Owner(user_id=user.pk), make_guest()
    variant = make_variant()
    make_cart(owner=account, lines={variant: 1})
    make_cart(owner=guest, lines={variant: 2})
    results = at_once(*[lambda: services.merge_guest_cart(guest=guest, user_id=user.pk)] * 4)
    assert sorted(results) == [False, False, False, True]
    assert selectors.basket(account).quantities == {variant.pk: 3}


def test_two_guests_of_one_account_keep_both_carts():
    user = User.objects.create_user("ada@example.com")
    first, second = make_variant(), make_variant()
    guests = [make_cart(lines={first: 1}), make_cart(lines={second: 2})]
    results = at_once(*[lambda g=g: services.merge_guest_cart(guest=g, user_id=user.pk) for g in guests])
    assert results == [True, True]
    assert selectors.basket(Owner(user_id=user.pk)).quantities == {first.pk: 1, second.pk: 2}


def test_first_clicks_at_once_make_one_cart_and_lose_no_piece():
    owner, variant = make_guest(), make_variant()
    at_once(*[lambda: services.add_to_cart(owner=owner, sku=variant.sku, quantity=1)] * 5)
    assert Cart.unscoped.count() == 1
    assert selectors.basket(owner).quantities == {variant.pk: 5}


def test_one_token_at_once_makes_one_order():
    variant = make_variant()
    owner = make_cart(lines={variant: 1})
    token = selectors.basket(owner).token

    def place():
        return services.place_order(owner=owner, token=token, details=make_details(), shown_total=2489).pk

    results = at_once(*[place] * 8)
    assert len(set(results)) == 1
    assert Order.unscoped.count() == 1
    assert Stock.objects.get(variant=variant).reserved == 1


def test_crossing_orders_of_two_scarce_things_neither_hang_nor_oversell():
    first, second = make_variant(on_hand=3), make_variant(on_hand=3)
    owners = [make_cart(lines={first: 1, second: 1} if n % 2 else {second: 1, first: 1}) for n in range(8)]

    def place(owner):
        token = selectors.basket(owner).token
        return services.place_order(owner=owner, token=token, details=make_details(), shown_total=4488)

    results = at_once(*[lambda owner=owner: place(owner) for owner in owners])
    assert sum(isinstance(result, Order) for result in results) == 3
    assert sum(isinstance(result, SoldOut) for result in results) == 5
    assert [stock.reserved for stock in Stock.objects.all()] == [3, 3]


def test_paying_and_expiring_at_once_end_in_one_of_both():
    for _ in range(5):
        order = make_order()
        Order.unscoped.filter(pk=order.pk).update(hold_expires_at=order.placed_at)
        at_once(
            lambda pk=order.pk: services.expire_order(order_id=pk),
            lambda pk=order.pk: services.record_payment(
                order_id=pk, amount=2489, currency="EUR", payment_ref=f"p-{pk}"
            ),
        )
        now = Order.unscoped.get(pk=order.pk)
        reserved = Stock.objects.get(variant_id=order.lines.get().variant_id).reserved
        assert (now.status, reserved, bool(now.attention)) in {("paid", 1, False), ("expired", 0, True)}
