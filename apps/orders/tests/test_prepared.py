"""Queries that are compiled once answer for each owner and each value by itself."""

from threading import Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.catalog.models import Variant
from apps.catalog.selectors import product_page, variant_by_sku
from apps.catalog.tests.factories import make_variant
from apps.core.ownership import Owner
from apps.core.prepared import Prepared
from apps.orders.errors import UnknownItem
from apps.orders.models import Cart, CartLine, Order
from apps.orders.selectors import basket, cart_count
from apps.orders.tests.factories import make_cart, make_guest
from apps.users.tests.factories import make_user


def test_a_cart_is_found_for_its_guest_or_user_and_for_nobody_else(db):
    mug, bowl = make_variant(sku="MUG"), make_variant(sku="BOWL")
    guest = make_cart(lines={mug: 2})
    user = make_cart(owner=Owner(user_id=make_user().pk), lines={mug: 1, bowl: 3})

    found = {owner: [(line.variant.sku, line.quantity) for line in basket(owner).lines] for owner in (guest, user)}

    assert found == {guest: [("MUG", 2)], user: [("MUG", 1), ("BOWL", 3)]}
    assert [cart_count(owner) for owner in (guest, user, make_guest(), Owner())] == [2, 4, 0, 0]
    assert basket(make_guest()).lines == ()


def test_the_lines_of_a_guest_are_found_without_looking_at_other_guests_carts(db):
    Cart.unscoped.bulk_create(Cart(guest_key=f"{number:064x}") for number in range(2_000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE orders_cart")
    lines = CartLine.objects.for_owner(make_guest()).filter(cart__state="open")
    plan = lines.explain()
    assert any(index in plan for index in ("orders_cart_guest", "orders_cart_one_open_per_guest")), plan


def test_the_orders_of_a_guest_are_found_without_asking_each_order_whose_it_is(db):
    orders = Order.objects.for_owner(make_guest()).newest_first()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # of a table of one page it would read all otherwise
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = orders.explain()
    assert "orders_order_guest" in plan and "orders_access_guest" in plan, plan


def test_each_value_is_put_where_it_was_named(db):
    wanted = make_variant(sku="MUG-1", price=100)
    make_variant(sku="MUG-2", price=200)
    query: Prepared[Variant] = Prepared(
        lambda sku, price: Variant.objects.filter(price=price, sku=sku, price__lt=1_000), str, int
    )

    assert query("MUG-1", 100) == [wanted]
    assert query("MUG-1", 200) == []
    assert query("' OR 1=1 --", 100) == []


def test_what_rows_are_only_sorted_by_is_left_out(db):
    for title in ("Vase", "Bowl"):
        make_variant(sku=title.upper(), price=100, title=title)
    query = Prepared(
        lambda price: Variant.objects.filter(price=price).order_by("product__title").values_list("sku").distinct(), int
    )
    assert query(100) == [("BOWL",), ("VASE",)]


def test_a_value_that_does_not_reach_the_statement_is_an_error_at_its_first_use(db):
    query: Prepared[Variant] = Prepared(lambda sku: Variant.objects.filter(sku=f"{sku}!"), str)
    with pytest.raises(ValueError, match="as it is"):
        query("MUG")


@pytest.mark.django_db(transaction=True)
def test_another_thread_reads_by_a_connection_of_its_own():
    guest = make_cart()
    seen = {}

    def read():
        try:
            seen["count"], seen["connection"] = cart_count(guest), connection.connection
        finally:
            connection.close()

    cart_count(guest)
    thread = Thread(target=read)
    thread.start()
    thread.join()

    assert seen["count"] == 1
    assert seen["connection"] is not connection.connection


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_the_shop_reads_what_it_reads_by_a_cursor():
    mug, bowl = make_variant(sku="MUG", title="Süße Tasse"), make_variant(sku="BOWL", backorder=True)
    guest, user = make_cart(lines={mug: 2}), make_cart(owner=Owner(user_id=make_user().pk), lines={mug: 1, bowl: 3})

    def read():
        carts = [(basket(owner), cart_count(owner)) for owner in (guest, user, make_guest())]
        page = product_page(mug.product.slug)
        return carts, [variant_by_sku(sku) for sku in ("MUG", "BOWL", "GONE")], page.selected, page.options, page.prices

    with CaptureQueriesContext(connection):
        expected = read()
    assert [read() for _ in range(2)] == [expected] * 2
    assert [variant and variant.sku for variant in expected[1]] == ["MUG", "BOWL", None]


@pytest.mark.django_db(transaction=True)
def test_an_article_that_is_refused_leaves_no_cart_behind():
    gone = make_variant(sku="GONE", active=False)
    with pytest.raises(UnknownItem):
        make_cart(lines={gone: 1})
    assert not Cart.unscoped.exists()
