"""What the form of a product rarely asks of its matrix of variants."""

import pytest
from django.db import transaction

from apps.catalog.errors import TooManyVariants
from apps.catalog.models import OptionValue, Variant
from apps.catalog.services import matrix
from apps.catalog.services.matrix import OptionRow, VariantDefaults, make_variants, write_options
from apps.catalog.tests.factories import make_product, make_variant

pytestmark = pytest.mark.django_db


def skus(product):
    return list(product.variants.order_by("position").values_list("sku", flat=True))


def test_a_variant_without_pieces_begins_with_an_empty_shelf_and_a_taken_sku_gets_a_number():
    make_variant(sku="MUG-MOSS")
    product = make_product(title="Mug", slug="mug")
    new = write_options(product=product, rows=[OptionRow("Colour", ["Moss", "Rust"])])

    make_variants(product=product, defaults=VariantDefaults(price=500), new_values=new)

    assert skus(product) == ["MUG-MOSS-2", "MUG-RUST"]
    assert set(product.variants.values_list("stock__on_hand", "price")) == {(0, 500)}


def test_a_value_that_is_gone_takes_its_variants_with_it():
    moss = make_variant(sku="MOSS", options={"Colour": "Moss"})
    make_variant(sku="RUST", product=moss.product, options={"Colour": "Rust"})
    option = moss.product.options.get()

    new = write_options(product=moss.product, rows=[OptionRow("Colour", ["Moss"], pk=option.pk)])

    assert (new, skus(moss.product)) == (set(), ["MOSS"])
    assert list(option.values.values_list("value", flat=True)) == ["Moss"]


@pytest.mark.parametrize("others", [["Rust", "Sand"], ["Rust", "Sand", "Fog"]])
def test_more_variants_than_a_product_may_have_are_refused(monkeypatch, others):
    """Three at most: two new ones beside two that there are, or four combinations, are too many."""
    monkeypatch.setattr(matrix, "MOST_VARIANTS", 3)
    moss = make_variant(sku="MOSS", options={"Colour": "Moss"})
    option = moss.product.options.get()
    make_variant(sku="NONE", product=moss.product)
    OptionValue.objects.bulk_create(OptionValue(option=option, value=value, position=1) for value in others)

    with pytest.raises(TooManyVariants, match="more than 3 variants"), transaction.atomic():
        make_variants(product=moss.product, defaults=VariantDefaults(), new_values=set(), fill=True)

    assert list(Variant.objects.order_by("pk").values_list("sku", flat=True)) == ["MOSS", "NONE"]
