"""What happens at the edges of the services: twice, too late, too much, or at the same moment."""

import pytest
from django.db import transaction

from apps.catalog.errors import StockPromised, VariantSold
from apps.catalog.models import Product, Stock, StockMovement, Variant
from apps.catalog.services import adjust_stock, matrix, set_backorder
from apps.catalog.signals import stock_refilled
from apps.catalog.tests.factories import make_variant
from apps.core.ownership import Owner
from apps.orders import selectors, services
from apps.orders.errors import EmptyCart, IllegalMove, InvalidQuantity, UnknownItem
from apps.orders.holds import numbers_of_orders_holding
from apps.orders.models import Cart, CartLine, Order, OrderEvent
from apps.orders.models.cart import MAX_LINES
from apps.orders.services import checkout, codes, states
from apps.orders.tests.factories import make_cart, make_details, make_guest, make_order, shown_total
from apps.pricing.tests.factories import make_discount
from apps.users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return make_order(lines={make_variant(on_hand=9): 2})


def events(order, kind):
    return OrderEvent.unscoped.filter(order=order, kind=kind).count()


# Carts


@pytest.mark.parametrize("quantity", [-1, 1000])
def test_a_line_is_not_set_to_a_strange_quantity(owner, quantity):
    variant = make_variant()
    make_cart(owner=owner, lines={variant: 2})

    with pytest.raises(InvalidQuantity):
        services.set_quantity(owner=owner, sku=variant.sku, quantity=quantity)

    assert selectors.basket(owner).quantities == {variant.pk: 2}


def test_a_sku_that_no_database_can_hold_is_unknown(owner):
    make_cart(owner=owner)
    with pytest.raises(UnknownItem):
        services.set_quantity(owner=owner, sku="a\x00b", quantity=1)


def test_a_guest_cart_that_does_not_fit_is_taken_along_as_far_as_it_does():
    account, guest = Owner(user_id=User.objects.create_user("ada@example.com").pk), make_cart()
    make_cart(owner=account)
    product = make_variant().product
    variants = Variant.objects.bulk_create(
        Variant(product=product, sku=f"MANY-{n}", option_key=f"many-{n}", price=100) for n in range(MAX_LINES - 1)
    )
    own = Cart.unscoped.get(user_id=account.user_id)
    CartLine.unscoped.bulk_create(CartLine(cart=own, variant=variant, quantity=1) for variant in variants)

    assert services.merge_guest_cart(guest=guest, user_id=account.user_id) is True

    assert CartLine.unscoped.filter(cart=own).count() == MAX_LINES
    assert Cart.unscoped.get(guest_key=guest.guest_key).state == "merged"


def test_a_cart_that_is_ordered_while_a_code_is_looked_at_keeps_none(owner, monkeypatch):
    make_discount(code="TEN")
    make_cart(owner=owner)
    look = codes.quote_goods

    def order_meanwhile(*args, **kwargs):
        Cart.unscoped.update(state="ordered")
        return look(*args, **kwargs)

    monkeypatch.setattr(codes, "quote_goods", order_meanwhile)
    with pytest.raises(EmptyCart):
        services.add_code(owner=owner, text="TEN")

    assert Cart.unscoped.get().codes == []


# Placing


def test_a_cart_that_was_merged_while_it_was_quoted_is_not_ordered(owner, monkeypatch):
    make_cart(owner=owner)
    basket, total = selectors.basket(owner), shown_total(owner)
    check = checkout._check_offer

    def merge_meanwhile(*args):
        Cart.unscoped.update(state="merged")
        return check(*args)

    monkeypatch.setattr(checkout, "_check_offer", merge_meanwhile)
    with pytest.raises(EmptyCart):
        services.place_order(owner=owner, token=basket.token, details=make_details(), shown_total=total)

    assert Order.unscoped.count() == 0


def test_a_cart_that_was_ordered_while_it_was_quoted_is_that_order(owner, monkeypatch):
    make_cart(owner=owner)
    basket, total = selectors.basket(owner), shown_total(owner)
    check, placed = checkout._check_offer, []

    def place():
        return services.place_order(owner=owner, token=basket.token, details=make_details(), shown_total=total)

    def order_meanwhile(*args):
        monkeypatch.setattr(checkout, "_check_offer", check)
        placed.append(place())
        return check(*args)

    monkeypatch.setattr(checkout, "_check_offer", order_meanwhile)

    assert [place()] == placed == list(Order.unscoped.all())
    assert Stock.objects.get().reserved == 1


def test_an_offer_for_another_place_is_made_anew(owner):
    make_cart(owner=owner)
    basket = selectors.basket(owner)
    swiss = services.quote_basket(basket, country="CH")

    order = services.place_order(
        owner=owner, token=basket.token, details=make_details(), shown_total=shown_total(owner), offer=swiss
    )

    assert order.shipping_total == 490


# Facts that come twice or too late


def test_a_closed_order_is_not_held_any_longer(order):
    services.cancel_order(order_id=order.pk, restock=True, actor=None)
    until = Order.unscoped.get().hold_expires_at

    services.hold_until(order_id=order.pk, moment=until.replace(year=until.year + 1))

    assert Order.unscoped.get().hold_expires_at == until


def test_the_same_word_of_a_failed_refund_counts_once():
    order = make_order(paid=True)
    for _ in range(2):
        services.record_refund_failure(order_id=order.pk, refund_ref="r-1", amount=100, refunded_total=100)

    assert events(order, "refund_failed") == 1


def test_where_nothing_asks_for_a_person_nothing_is_settled(order):
    clerk = User.objects.create_user("clerk@example.com", is_staff=True)

    services.settle_attention(order_id=order.pk, actor=clerk)

    assert (events(order, "note"), Order.unscoped.get().version) == (0, order.version)


def test_an_order_that_moved_since_it_was_read_is_not_moved(order):
    services.cancel_order(order_id=order.pk, restock=True, actor=None)

    with pytest.raises(IllegalMove):
        states.move(order, OrderEvent.Kind.EXPIRED, states={"closure": "expired"})

    assert (Order.unscoped.get().status, events(order, "expired")) == ("cancelled", 0)


# Pieces


def test_pieces_of_a_refund_that_is_tried_again_are_not_released_twice():
    order = make_order(lines={make_variant(on_hand=9): 2}, paid=True)
    line = order.lines.get()

    for released in (1, 0):
        back = services.Return(pieces=1, refunded=1, restock=True)
        assert services.return_pieces(order_id=order.pk, lines={line.pk: back}, actor=None) == {line.pk: released}

    assert (order.lines.get().released, Stock.objects.get().reserved) == (1, 1)


def test_more_pieces_than_a_line_has_are_not_released():
    order = make_order(lines={make_variant(on_hand=9): 2}, paid=True)
    line = order.lines.get()

    with pytest.raises(IllegalMove):
        back = services.Return(pieces=3, refunded=3)
        services.return_pieces(order_id=order.pk, lines={line.pk: back}, actor=None)

    assert (order.lines.get().released, Stock.objects.get().reserved) == (0, 2)


def test_selling_beyond_the_shelf_is_not_ended_while_more_is_promised():
    variant = make_variant(on_hand=1, backorder=True)
    make_order(owner=make_guest(), lines={variant: 2})

    with pytest.raises(StockPromised):
        set_backorder(variant=variant, backorder=False)

    stock = Stock.objects.get()
    assert (stock.backorder, str(stock)) == (True, "1 − 2")


def test_a_movement_says_how_many_and_why():
    variant = make_variant(on_hand=1)
    adjust_stock(variant=variant, delta=4, reason="delivery")

    assert str(StockMovement.objects.first()) == "+4 Delivery"


def test_selling_beyond_an_empty_shelf_tells_that_it_can_be_bought_again():
    variant, heard = make_variant(on_hand=0), []

    def listen(sender, variant_ids, **kwargs):
        heard.append(variant_ids)

    stock_refilled.connect(listen)
    set_backorder(variant=variant, backorder=True)
    set_backorder(variant=variant, backorder=True)

    assert heard == [[variant.pk]]


def test_what_was_sold_stays_and_is_named_and_so_does_all_that_was_to_go_with_it():
    sold, other, free = (make_variant(sku=sku) for sku in ("SOLD", "OTHER", "FREE"))
    make_order(lines={sold: 1, other: 1})
    movements = StockMovement.objects.count()

    with pytest.raises(VariantSold) as refused, transaction.atomic():
        matrix.delete_variants(variants=[sold, free, other])

    assert refused.value.skus == ["SOLD", "OTHER"]
    assert (Variant.objects.count(), StockMovement.objects.count()) == (3, movements)

    with pytest.raises(VariantSold):
        matrix.delete_product(product=sold.product)
    matrix.delete_product(product=free.product)
    assert set(Variant.objects.values_list("sku", flat=True)) == {"SOLD", "OTHER"}
    assert not Product.objects.filter(pk=free.product_id).exists()
    assert not StockMovement.objects.filter(variant_id=free.pk).exists()


def test_the_oldest_twenty_orders_that_are_promised_pieces_are_named():
    mug, other = make_variant(on_hand=99), make_variant(on_hand=9)
    holding = [make_order(lines={mug: 1}) for _ in range(21)]
    make_order(lines={other: 1})
    numbers = [order.number for order in holding]
    assert numbers_of_orders_holding(mug.pk) == numbers[:20]

    Order.unscoped.filter(pk=holding[0].pk).update(closure="cancelled")
    Order.unscoped.filter(pk=holding[1].pk).update(fulfilment_state="shipped")
    Order.unscoped.filter(pk=holding[2].pk).update(fulfilment_state="packed")
    assert numbers_of_orders_holding(mug.pk) == numbers[2:]
