import pytest

from apps.catalog.models import Stock, Variant
from apps.catalog.tests.factories import make_variant, published_together
from apps.core.ownership import Owner
from apps.orders import selectors, services
from apps.orders.errors import CartFull, InvalidQuantity, NotForSale, SoldOutItem, UnknownItem
from apps.orders.models import Cart, CartLine
from apps.orders.tests.factories import make_cart, make_guest, make_order
from apps.users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return User.objects.create_user("ada@example.com")


def pieces(owner):
    return {line.variant.sku: line.quantity for line in selectors.basket(owner).lines}


def test_adding_twice_makes_one_line(owner):
    variant = make_variant()
    services.add_to_cart(owner=owner, sku=variant.sku, quantity=2)
    found = services.add_to_cart(owner=owner, sku=variant.sku, quantity=3)
    assert found == selectors.basket(owner)
    assert pieces(owner) == {variant.sku: 5}
    assert Cart.unscoped.count() == 1


def test_a_line_never_exceeds_999_pieces(owner):
    variant = make_variant()
    services.add_to_cart(owner=owner, sku=variant.sku, quantity=999)
    services.add_to_cart(owner=owner, sku=variant.sku, quantity=2)
    assert pieces(owner) == {variant.sku: 999}


@pytest.mark.parametrize("quantity", [0, -1, 1000, 10**9])
def test_a_strange_quantity_is_refused_and_nothing_is_stored(owner, quantity):
    variant = make_variant()
    with pytest.raises(InvalidQuantity):
        services.add_to_cart(owner=owner, sku=variant.sku, quantity=quantity)
    assert Cart.unscoped.count() == 0


@pytest.mark.parametrize("text", ["", " 1", "1.5", "-1", "+1", "1e3", "٣", "１", "1000", "1000000000", "0x1", "\x00"])
def test_only_plain_digits_up_to_999_are_a_quantity(text):
    with pytest.raises(InvalidQuantity):
        services.parse_quantity(text)


def test_plain_digits_are_a_quantity():
    assert [services.parse_quantity(text) for text in ("0", "7", "007", "999")] == [0, 7, 7, 999]


@pytest.mark.parametrize("sku", ["nothing", "", "x" * 300, "a\x00b", "'; drop table", "ＭＵＧ"])
def test_an_unknown_sku_is_refused_and_nothing_is_stored(owner, sku):
    with pytest.raises(UnknownItem):
        services.add_to_cart(owner=owner, sku=sku, quantity=1)
    assert Cart.unscoped.count() == 0


def test_a_draft_reads_like_an_unknown_sku(owner):
    with pytest.raises(UnknownItem):
        services.add_to_cart(owner=owner, sku=make_variant(active=False).sku, quantity=1)


def test_a_price_on_request_can_not_be_bought(owner):
    with pytest.raises(NotForSale):
        services.add_to_cart(owner=owner, sku=make_variant(price=None).sku, quantity=1)


def test_what_is_sold_out_can_not_be_added_unless_it_is_on_back_order(owner):
    with pytest.raises(SoldOutItem):
        services.add_to_cart(owner=owner, sku=make_variant(on_hand=0).sku, quantity=1)
    late = make_variant(on_hand=0, backorder=True)
    services.add_to_cart(owner=owner, sku=late.sku, quantity=1)
    assert pieces(owner) == {late.sku: 1}


def test_what_may_not_be_sold_leaves_the_cart_and_its_line_as_they_were(owner):
    variant = make_variant(on_hand=1)
    make_cart(owner=owner, lines={variant: 1})
    Stock.objects.filter(variant=variant).update(on_hand=0)
    before = (Cart.unscoped.values().get(), CartLine.unscoped.values().get())
    with pytest.raises(SoldOutItem):
        services.add_to_cart(owner=owner, sku=variant.sku, quantity=1)
    assert (Cart.unscoped.values().get(), CartLine.unscoped.values().get()) == before


def test_a_full_cart_says_first_what_is_wrong_with_the_article(owner):
    cart, product = Cart.unscoped.create(guest_key=owner.guest_key), make_variant().product
    variants = Variant.objects.bulk_create(
        Variant(product=product, sku=f"MANY-{n}", option_key=f"many-{n}", price=100) for n in range(100)
    )
    CartLine.unscoped.bulk_create(CartLine(cart=cart, variant=variant, quantity=1) for variant in variants)
    for sku, refusal in (("nothing", UnknownItem), (make_variant(on_hand=0).sku, SoldOutItem)):
        with pytest.raises(refusal):
            services.add_to_cart(owner=owner, sku=sku, quantity=1)


def test_a_cart_has_at_most_100_lines(owner):
    make_cart(owner=owner)
    cart = Cart.unscoped.get()
    product = make_variant().product
    variants = Variant.objects.bulk_create(
        Variant(product=product, sku=f"MANY-{n}", option_key=f"many-{n}", price=100) for n in range(99)
    )
    CartLine.unscoped.bulk_create(CartLine(cart=cart, variant=variant, quantity=1) for variant in variants)
    with pytest.raises(CartFull):
        services.add_to_cart(owner=owner, sku=make_variant().sku, quantity=1)
    assert CartLine.unscoped.count() == 100


def test_a_quantity_is_set_and_zero_removes_the_line(owner):
    variant = make_variant()
    make_cart(owner=owner, lines={variant: 4})
    services.set_quantity(owner=owner, sku=variant.sku, quantity=2)
    assert pieces(owner) == {variant.sku: 2}
    assert services.set_quantity(owner=owner, sku=variant.sku, quantity=0) is None
    assert pieces(owner) == {}


def test_nobody_changes_the_cart_of_another(owner):
    variant = make_variant()
    make_cart(owner=owner, lines={variant: 4})
    with pytest.raises(UnknownItem):
        services.set_quantity(owner=make_guest(), sku=variant.sku, quantity=0)
    assert pieces(owner) == {variant.sku: 4}


def test_a_cart_line_says_what_is_wrong_with_it(owner):
    gone, sold_out, short, fine = (make_variant(on_hand=3) for _ in range(4))
    make_cart(owner=owner, lines={gone: 1, sold_out: 1, short: 3, fine: 1})
    make_order(lines={sold_out: 3})
    make_order(lines={short: 1})
    gone.product.status = "archived"
    gone.product.save()
    basket = selectors.basket(owner)
    assert [line.problem for line in basket.lines] == ["gone", "sold-out", "short", ""]
    assert basket.subtotal.amount == 5 * 1999


def test_reading_a_cart_costs_one_query_for_one_and_for_24_lines(owner, django_assert_num_queries):
    make_cart(owner=owner)
    with django_assert_num_queries(1):
        selectors.basket(owner)
    with published_together():
        more = {make_variant(): 1 for _ in range(23)}
    make_cart(owner=owner, lines=more)
    with django_assert_num_queries(1):
        assert len(selectors.basket(owner).lines) == 24


def test_a_visitor_without_a_name_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert selectors.basket(Owner()).lines == ()
        assert selectors.cart_count(Owner()) == 0


def test_a_guest_cart_is_taken_over_with_its_token(owner, user):
    variant = make_variant()
    make_cart(owner=owner, lines={variant: 2})
    token = selectors.basket(owner).token
    assert services.merge_guest_cart(guest=owner, user_id=user.pk) is True
    mine = selectors.basket(Owner(user_id=user.pk))
    assert (mine.token, mine.count) == (token, 2)
    assert selectors.basket(owner).lines == ()


def test_a_guest_cart_is_added_to_the_cart_of_the_account_once(owner, user):
    account = Owner(user_id=user.pk)
    both, only_guest = make_variant(), make_variant()
    make_cart(owner=account, lines={both: 1})
    make_cart(owner=owner, lines={both: 2, only_guest: 5})
    assert services.merge_guest_cart(guest=owner, user_id=user.pk) is True
    assert services.merge_guest_cart(guest=owner, user_id=user.pk) is False
    assert pieces(account) == {both.sku: 3, only_guest.sku: 5}
    assert Cart.unscoped.filter(state=Cart.State.MERGED).count() == 1


def test_merging_without_a_guest_cart_changes_nothing(owner, user):
    assert services.merge_guest_cart(guest=owner, user_id=user.pk) is False
    assert services.merge_guest_cart(guest=Owner(), user_id=user.pk) is False
    assert Cart.unscoped.count() == 0


def test_reordering_puts_in_what_can_still_be_bought(owner):
    kept, gone = make_variant(title="Kept"), make_variant(title="Gone")
    order = make_order(owner=owner, lines={kept: 2, gone: 1})
    gone.product.status = "archived"
    gone.product.save()
    assert services.reorder(owner=owner, order=order) == ["Gone"]
    assert pieces(owner) == {kept.sku: 2}
