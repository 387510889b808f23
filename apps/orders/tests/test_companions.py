from datetime import timedelta

import pytest
from django.utils import timezone

from apps.catalog.models import Product
from apps.catalog.tests.factories import make_variant
from apps.orders import services
from apps.orders.models import Order
from apps.orders.tasks import find_companions
from apps.orders.tests.factories import make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods():
    return [make_variant(title=title, on_hand=100) for title in ("Mug", "Bowl", "Plate", "Lamp")]


def buy(*variants, times=1, paid=True, days_ago=0):
    for _ in range(times):
        order = make_order(lines=dict.fromkeys(variants, 1), paid=paid)
        Order.unscoped.filter(pk=order.pk).update(placed_at=timezone.now() - timedelta(days=days_ago))


def kept(variant):
    return Product.objects.values_list("companions", flat=True).get(pk=variant.product_id)


def test_what_is_in_the_same_paid_orders_is_kept_most_often_first(goods):
    mug, bowl, plate, lamp = goods
    buy(mug, bowl, plate, times=2)
    buy(mug, plate)
    buy(mug, lamp)  # once is chance
    buy(bowl, lamp, times=2, paid=False)
    buy(bowl, lamp, times=2, days_ago=400)
    assert find_companions.func() == 3
    assert kept(mug) == [plate.product_id, bowl.product_id]
    assert kept(bowl) == [mug.product_id, plate.product_id]
    assert kept(plate) == [mug.product_id, bowl.product_id]
    assert kept(lamp) == []
    assert services.find_companions() == 0


def test_what_is_bought_together_no_more_is_forgotten(goods):
    mug, bowl, *_ = goods
    buy(mug, bowl, times=2)
    services.find_companions()
    Order.unscoped.update(placed_at=timezone.now() - timedelta(days=366))
    assert services.find_companions() == 2
    assert kept(mug) == []


def test_two_variants_of_one_product_are_one(goods):
    mug, bowl, *_ = goods
    other = make_variant(product=mug.product, options={"Colour": "Moss"}, on_hand=100)
    buy(mug, other, bowl, times=2)
    services.find_companions()
    assert (kept(mug), kept(bowl)) == ([bowl.product_id], [mug.product_id])


def test_many_products_cost_as_many_statements_as_few(goods, django_assert_max_num_queries):
    buy(*goods, times=2)
    with django_assert_max_num_queries(8):
        services.find_companions()


def test_four_are_kept_of_a_product_that_is_bought_with_many(goods):
    more = [make_variant(title=title, on_hand=100) for title in ("Vase", "Jug")]
    buy(*goods, *more, times=2)
    assert services.find_companions() == 6
    assert kept(goods[0]) == [variant.product_id for variant in [*goods[1:], more[0]]]
