"""What the form of a product rarely asks of its matrix of variants."""

import pytest
from django.db import transaction

from apps.catalog.errors import TooManyVariants, VariantsAlike
from apps.catalog.models import OptionValue, Stock, StockMovement, Variant
from apps.catalog.services import matrix
from apps.catalog.services.matrix import OptionRow, VariantDefaults, make_variants, write_options
from apps.catalog.tests.factories import make_product, make_variant
from apps.users.tests.factories import make_user

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


def options(product):
    """Each option with its place and translations, and its values the same way."""
    return [
        (each.name, each.position, each.translations, [(v.value, v.position, v.translations) for v in in_order(each)])
        for each in product.options.order_by("position")
    ]


def in_order(option):
    return option.values.order_by("position")


def combinations(product):
    """The values of each variant, in the order of the matrix."""
    return [
        (variant.position, *(value.value for value in variant.values.order_by("option__position")))
        for variant in product.variants.order_by("position")
    ]


@pytest.fixture
def shirt():
    """Two colours in two sizes, of which no large one is moss."""
    product = make_product(title="Shirt", slug="shirt")
    rows = [OptionRow("Colour", ["Moss", "Rust"]), OptionRow("Size", ["S", "L"])]
    new = write_options(product=product, rows=rows)
    make_variants(product=product, defaults=VariantDefaults(price=500), new_values=new)
    Variant.objects.filter(sku="SHIRT-MOSS-L").delete()
    return product


def test_options_are_written_with_their_order_and_translations():
    product = make_product()
    rows = [
        OptionRow("Colour", ["Moss", "Rust"], names={"de": "Farbe"}, value_names={"de": ["Moos"]}),
        OptionRow("Size", ["S"], names={"de": ""}),
    ]

    new = write_options(product=product, rows=rows)

    assert options(product) == [
        (
            "Colour",
            0,
            {"de": {"name": "Farbe"}},
            [("Moss", 0, {"de": {"value": "Moos"}}), ("Rust", 1, {"de": {}})],
        ),
        ("Size", 1, {"de": {}}, [("S", 0, {})]),
    ]
    assert new == set(OptionValue.objects.values_list("pk", flat=True))


def test_options_and_values_change_their_names_and_places_and_keep_their_variants(shirt):
    colour, size = shirt.options.order_by("position")
    before = set(shirt.variants.values_list("pk", "sku"))
    rows = [
        OptionRow("Colour", ["S", "XL"], pk=size.pk),
        OptionRow("Size", ["Rust", "Moss"], pk=colour.pk, names={"de": "Größe"}),
    ]

    assert write_options(product=shirt, rows=rows) == set()

    assert options(shirt) == [
        ("Colour", 0, {}, [("S", 0, {}), ("XL", 1, {})]),
        ("Size", 1, {"de": {"name": "Größe"}}, [("Rust", 0, {}), ("Moss", 1, {})]),
    ]
    assert set(shirt.variants.values_list("pk", "sku")) == before
    assert {
        (variant.sku, *(value.value for value in variant.values.order_by("option__position")))
        for variant in shirt.variants.all()
    } == {("SHIRT-MOSS-S", "S", "Moss"), ("SHIRT-RUST-S", "S", "Rust"), ("SHIRT-RUST-L", "XL", "Rust")}
    assert all(
        variant.option_key == "-".join(str(value.pk) for value in variant.values.order_by("option__position"))
        for variant in shirt.variants.all()
    )


def test_a_hole_stays_one_until_all_that_is_missing_is_asked_for(shirt):
    colour, size = shirt.options.order_by("position")
    rows = [OptionRow("Colour", ["Fog", "Moss", "Rust"], pk=colour.pk), OptionRow("Size", ["S", "L"], pk=size.pk)]
    new = write_options(product=shirt, rows=rows)

    made = make_variants(product=shirt, defaults=VariantDefaults(), new_values=new)

    assert [variant.sku for variant in made] == ["SHIRT-FOG-S", "SHIRT-FOG-L"]
    holed = [(0, "Fog", "S"), (1, "Fog", "L"), (2, "Moss", "S"), (4, "Rust", "S"), (5, "Rust", "L")]
    assert combinations(shirt) == holed

    make_variants(product=shirt, defaults=VariantDefaults(), new_values=set())
    assert combinations(shirt) == holed

    make_variants(product=shirt, defaults=VariantDefaults(), new_values=set(), fill=True)
    assert combinations(shirt) == [*holed[:3], (3, "Moss", "L"), *holed[3:]]


def test_a_new_variant_has_what_it_was_to_begin_with():
    clerk = make_user(is_staff=True)
    product = make_product()
    defaults = VariantDefaults(price=500, sku_prefix="TS", weight_grams=180, on_hand=7)

    (made,) = make_variants(product=product, defaults=defaults, new_values=set(), fill=True, actor=clerk)

    assert Variant.objects.values_list("pk", "sku", "option_key", "price", "weight_grams", "position").get() == (
        (made.pk, "TS", "", 500, 180, 0)
    )
    assert Stock.objects.values_list("variant", "on_hand", "reserved").get() == (made.pk, 7, 0)
    moved = StockMovement.objects.get()
    assert (moved.delta, moved.reason, moved.note, moved.actor) == (7, "initial", "", clerk)


@pytest.mark.parametrize(
    ("slug", "prefix", "value", "sku"),
    [
        ("tea-towel", "", "Sea green", "TEA-TOWEL-SEA-GREEN"),
        ("tea-towel", "T--T", "Größe", "T-T-GROSSE"),
        ("a" * 40, "", "S", "A" * 30 + "-S"),
        ("a" * 29 + "-bcd", "", "S", "A" * 29 + "-S"),
        ("mug", "", "Long-winded-name", "MUG-LONG-WINDED"),
        ("mug", "", "Blackish-gre-en", "MUG-BLACKISH-GRE"),
        ("mug", "X" * 57 + "-", "S", "X" * 57),
        ("mug", "X" * 64, "S", "X" * 58),
    ],
)
def test_a_sku_is_made_of_prefix_and_values_and_stays_short(slug, prefix, value, sku):
    product = make_product(slug=slug)
    new = write_options(product=product, rows=[OptionRow("Option", [value])])

    (made,) = make_variants(product=product, defaults=VariantDefaults(sku_prefix=prefix), new_values=new)

    assert made.sku == sku


def test_taken_skus_are_counted_on():
    for sku in ("MUG", "MUG-2", "MUG-4"):
        make_variant(sku=sku)
    product = make_product(slug="mug")

    (made,) = make_variants(product=product, defaults=VariantDefaults(), new_values=set(), fill=True)

    assert made.sku == "MUG-3"


def test_an_option_that_tells_variants_apart_stays(shirt):
    size = shirt.options.get(name="Size")
    before = combinations(shirt)

    with pytest.raises(VariantsAlike), transaction.atomic():
        write_options(product=shirt, rows=[OptionRow("Size", ["S", "L"], pk=size.pk)])

    assert combinations(shirt) == before
