"""Rows set to given values field by field, as undoing a change needs it."""

import pytest

from apps.catalog.models import Option, Stock, StockMovement, Variant
from apps.catalog.services.matrix import delete_variants
from apps.catalog.services.restoring import current_values, drop_unused_values, set_fields, set_stock
from apps.catalog.tests.factories import make_product, make_variant

pytestmark = pytest.mark.django_db


def test_fields_of_a_variant_are_read_from_it_and_from_its_stock():
    mug = make_variant(price=1999, on_hand=4, backorder=True)
    told = current_values(row=mug, names=["price", "on_hand", "backorder"])
    assert told == {"price": 1999, "on_hand": 4, "backorder": True}


def test_a_variant_without_a_stock_has_nothing_on_its_shelf():
    mug = make_variant(on_hand=0)
    Stock.objects.all().delete()
    assert current_values(row=mug, names=["on_hand"]) == {"on_hand": 0}
    assert current_values(row=mug.product, names=["title"]) == {"title": "Mug"}


def test_a_product_is_written_with_the_time_of_the_change():
    product = make_product(title="Mug")
    before = product.updated_at

    set_fields(row=product, values={"title": "Jug"})

    product.refresh_from_db()
    assert product.title == "Jug"
    assert product.updated_at > before


def test_the_values_of_a_variant_follow_its_key_and_its_stock_is_left_alone():
    moss = make_variant(sku="MOSS", options={"Colour": "Moss"}, on_hand=3)
    rust = make_variant(sku="RUST", product=moss.product, options={"Colour": "Rust"})
    key = rust.option_key
    delete_variants(variants=[rust])

    set_fields(row=moss, values={"option_key": key, "on_hand": 99})
    set_fields(row=moss, values={"on_hand": 98})

    moss = Variant.objects.get()
    assert [value.value for value in moss.values.all()] == ["Rust"]
    assert (moss.option_key, moss.stock.on_hand) == (key, 3)


@pytest.mark.parametrize(
    ("values", "stock"),
    [
        ({}, (4, False)),
        ({"on_hand": 7}, (7, False)),
        ({"on_hand": 0, "backorder": True}, (0, True)),
        ({"backorder": False}, (4, False)),
    ],
)
def test_the_stock_is_set_by_the_ledger(values, stock):
    mug = make_variant(on_hand=4)

    set_stock(variant=mug, values=values, reason=StockMovement.Reason.COUNT, note="Undone")

    assert Stock.objects.values_list("on_hand", "backorder").get() == stock
    assert sum(StockMovement.objects.values_list("delta", flat=True)) == stock[0]


def test_values_that_no_variant_has_and_options_without_values_are_dropped():
    moss = make_variant(options={"Colour": "Moss", "Size": "S"})
    colour, size = Option.objects.order_by("pk")
    kept = colour.values.get()
    moss.values.set([kept])

    drop_unused_values(options=[colour.pk, size.pk], values=[kept.pk, size.values.get().pk])

    assert list(Option.objects.all()) == [colour]
    assert list(colour.values.all()) == [kept]
