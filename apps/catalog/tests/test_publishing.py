from datetime import UTC, datetime

import pytest
from django.utils.translation import override

from apps.catalog.errors import CategoryLoop, NothingToSell
from apps.catalog.models import Category, Facet, Listing, Option, Product, SearchDocument, Variant
from apps.catalog.selectors import variant_by_sku, variants_for_cart
from apps.catalog.services import activate_product, archive_product, publish, save_category, unlist
from apps.catalog.services.changes import list_tags, order_tags, tell
from apps.catalog.tests.factories import RENDITIONS, make_category, make_image, make_product, make_variant
from apps.pages import journal
from apps.pages.kept import EVERYTHING

pytestmark = pytest.mark.django_db

MOMENT = datetime(2026, 11, 20, tzinfo=UTC)


def listing(product):
    return Listing.objects.get(product=product)


def test_a_visible_product_is_listed_with_its_prices_and_place():
    kitchen = make_category(name="Kitchen", slug="kitchen")
    mugs = make_category(name="Mugs", slug="mugs", parent=kitchen)
    small = make_variant(price=1500, options={"Size": "S"}, product_fields={"category": mugs, "subtitle": "Two-tone"})
    make_variant(product=small.product, price=2500, options={"Size": "L"})
    row = listing(small.product)
    assert (row.title, row.subtitle, row.slug) == ("Mug", "Two-tone", small.product.slug)
    assert (row.price_min, row.price_max, row.compare_at, row.on_sale) == (1500, 2500, None, False)
    assert (row.category_path, row.available) == ("kitchen/mugs/", True)


def test_a_reduced_product_shows_what_it_cost():
    mug = make_variant(price=1500, compare_at_price=2000)
    assert (listing(mug.product).on_sale, listing(mug.product).compare_at) == (True, 2000)


def test_a_price_on_request_is_listed_but_not_available():
    table = make_variant(price=None)
    row = listing(table.product)
    assert (row.price_min, row.price_max, row.available) == (None, None, False)


def test_publishing_twice_changes_nothing():
    mug = make_variant(options={"Colour": "Moss"})
    before = Listing.objects.values().get(), list(Facet.objects.values()), list(listing(mug.product).facets.all())
    publish([mug.product_id])
    after = Listing.objects.values().get(), list(Facet.objects.values()), list(listing(mug.product).facets.all())
    assert after == before


def test_a_draft_and_an_archived_product_are_not_listed():
    draft = make_variant(active=False)
    assert not Listing.objects.exists()
    activate_product(product=draft.product)
    assert listing(draft.product).published_at == draft.product.published_at
    archive_product(product=draft.product)
    assert not Listing.objects.exists()


def test_a_product_without_variants_can_not_be_activated():
    product = make_product(active=False)
    with pytest.raises(NothingToSell):
        activate_product(product=product)
    assert Product.objects.get(pk=product.pk).status == Product.Status.DRAFT


def test_showing_a_product_again_keeps_its_first_date():
    mug = make_variant()
    first = listing(mug.product).published_at
    archive_product(product=mug.product)
    activate_product(product=mug.product)
    assert listing(mug.product).published_at == first


def test_option_values_become_filter_values_and_leave_with_the_last_variant():
    moss = make_variant(options={"Colour": "Moss", "Größe": "L"})
    clay = make_variant(product=moss.product, on_hand=0, options={"Colour": "Clay", "Größe": "L"})
    assert set(listing(moss.product).facets.values_list("option", "value")) == {
        ("colour", "moss"),
        ("colour", "clay"),
        ("grosse", "l"),
    }
    clay.delete()
    publish([moss.product_id])
    assert set(listing(moss.product).facets.values_list("value", flat=True)) == {"moss", "l"}


def test_an_option_with_a_reserved_name_gets_another_address():
    make_variant(options={"Page": "A4"})
    assert Facet.objects.get().option == "option-page"


def test_publishing_costs_the_same_queries_for_one_product_and_for_24(django_assert_num_queries):
    many = [make_variant(options={"Colour": "Moss"}).product_id for _ in range(24)]
    for ids in (many[:1], many):
        with django_assert_num_queries(12):
            publish(ids)


def test_the_summary_of_a_variant_has_its_own_picture_or_the_cover():
    moss = make_variant(options={"Colour": "Moss"})
    clay = make_variant(product=moss.product, options={"Colour": "Clay"})
    make_image(product=moss.product, alt="All")
    make_image(product=moss.product, variant=clay, alt="Clay", position=5)
    moss.refresh_from_db()
    clay.refresh_from_db()
    assert moss.summary["cover"]["alt"] == {"": "All"}
    assert clay.summary["cover"]["alt"] == {"": "Clay"}
    assert clay.summary["cover"]["renditions"] == RENDITIONS
    assert listing(moss.product).cover["alt"] == {"": "All"}


def test_a_variant_without_a_picture_shows_that_of_a_sibling_that_looks_like_it():
    small = make_variant(options={"Colour": "Moss", "Size": "S"})
    product = small.product
    clay = make_variant(product=product, options={"Colour": "Clay", "Size": "S"})
    large = make_variant(product=product, options={"Colour": "Moss", "Size": "L"})
    ochre = make_variant(product=product, options={"Colour": "Ochre", "Size": "S"})
    make_image(product=product, alt="All")
    make_image(product=product, variant=small, alt="Moss")
    make_image(product=product, variant=clay, alt="Clay")
    shown = {v.pk: v.summary["cover"]["alt"][""] for v in Variant.objects.all()}
    assert shown == {small.pk: "Moss", clay.pk: "Clay", large.pk: "Moss", ochre.pk: "All"}
    product.refresh_from_db()
    assert [sorted(entry["variants"]) for entry in product.gallery] == [[], [small.pk, large.pk], [clay.pk]]


def test_carts_read_their_variants_in_one_query(django_assert_num_queries):
    moss = make_variant(sku="M-1", price=1500, on_hand=4, options={"Colour": "Moss", "Size": "L"})
    Option.objects.filter(name="Colour").update(translations={"de": {"name": "Farbe"}})
    value = moss.values.get(value="Moss")
    value.translations = {"de": {"value": "Moos"}}
    value.save()
    publish([moss.product_id])
    others = [make_variant().pk for _ in range(23)]
    with django_assert_num_queries(1), override("de"):
        found = variants_for_cart([moss.pk, *others, 0])
    info = found[moss.pk]
    assert len(found) == 24
    assert (info.sku, info.title, info.option_text, info.price) == ("M-1", "Mug", "Moos / L", 1500)
    assert (info.available, info.visible, info.can_sell(4), info.can_sell(5)) == (4, True, True, False)
    assert info.url == f"/products/{moss.product.slug}/?variant=M-1"


@pytest.mark.parametrize("sku", ["", "NONE", "x" * 10_000, "A\x00B", "'; --"])
def test_a_strange_sku_is_simply_unknown(sku):
    make_variant()
    assert variant_by_sku(sku) is None


def test_a_variant_of_a_hidden_product_says_that_it_is_not_visible():
    mug = make_variant(sku="M-1", active=False)
    info = variant_by_sku("M-1")
    assert (info.variant_id, info.visible, info.can_sell(1)) == (mug.pk, False, False)


def test_moving_a_category_moves_its_branch_and_its_products():
    kitchen, garden = make_category(name="Kitchen", slug="kitchen"), make_category(name="Garden", slug="garden")
    mugs = make_category(name="Mugs", slug="mugs", parent=kitchen)
    small = make_category(name="Small", slug="small", parent=mugs)
    mug = make_variant(product_fields={"category": small})
    mugs.parent = garden
    save_category(category=mugs)
    assert Category.objects.get(pk=small.pk).path == "garden/mugs/small"
    assert listing(mug.product).category_path == "garden/mugs/small/"


def test_a_renamed_category_is_found_by_its_new_name():
    kitchen = make_category(name="Kitchen", slug="kitchen")
    mug = make_variant(product_fields={"category": kitchen})
    kitchen.name = "Scullery"
    save_category(category=kitchen)
    assert "3scullery" in SearchDocument.objects.get(listing_id=mug.product_id).words.split()


def test_a_category_can_not_move_into_itself():
    kitchen = make_category(slug="kitchen")
    mugs = make_category(slug="mugs", parent=kitchen)
    kitchen.parent = mugs
    with pytest.raises(CategoryLoop):
        save_category(category=kitchen)
    assert Category.objects.get(pk=kitchen.pk).path == "kitchen"


def test_variants_of_one_combination_can_not_exist_twice():
    moss = make_variant(options={"Colour": "Moss"})
    assert Variant.objects.get(pk=moss.pk).option_key == str(moss.values.get().pk)


def test_what_was_in_no_list_and_is_in_none_changes_none():
    assert list_tags(None, None) == set()
    assert list_tags(Listing(), None) == list_tags(None, Listing()) == {"members"}


@pytest.mark.parametrize(
    ("change", "tags"),
    [
        ({}, set()),
        ({"title": "Jug", "cards": {}}, set()),
        ({"category_path": "garden/"}, {"members"}),
        ({"published_at": None}, {"members"}),
        ({"price_min": 1}, {"prices"}),
        ({"price_max": 9}, {"prices"}),
        ({"on_sale": True}, {"reduced"}),
        ({"available": False}, {"stock"}),
        (
            {"category_path": "", "price_min": None, "on_sale": True, "available": False},
            {"members", "prices", "reduced", "stock"},
        ),
    ],
)
def test_each_kind_of_list_is_told_of_what_changes_it(change, tags):
    row = {
        "category_path": "kitchen/", "published_at": MOMENT, "price_min": 5, "price_max": 7, "on_sale": False,
        "available": True,
    }  # fmt: skip
    assert list_tags(Listing(**row), Listing(**{**row, **change})) == tags


@pytest.mark.parametrize(("products", "told"), [(100, {f"product:{pk}" for pk in range(100)}), (101, {EVERYTHING})])
def test_up_to_a_hundred_products_are_told_of_by_name(products, told):
    before = journal.now()
    tell(range(products), {"members"})
    assert set(journal.changes(before, journal.now())) == {*told, "members"}


@pytest.mark.parametrize(("changes", "told"), [(10, set()), (11, {"order:", "order:kitchen"})])
def test_of_more_than_ten_prices_nobody_asks_what_they_passed(changes, told):
    """Nothing else is in the shop, so none of them has passed anything."""
    make_category(name="Kitchen", slug="kitchen")
    pairs = [
        [Listing(product_id=pk, category_path="kitchen/", price_min=price) for price in (5, 6)] for pk in range(changes)
    ]
    same = [[Listing(product_id=99, category_path="garden/", price_min=5)] * 2] * 9
    assert order_tags([*pairs, *same]) == told


def test_a_price_is_told_to_lists_by_price_and_a_title_to_searches():
    mug = make_variant(price=1500, title="Mug")
    publish([mug.product_id])
    own = f"product:{mug.product_id}"

    def told(change):
        before = journal.now()
        change()
        publish([mug.product_id])
        return set(journal.changes(before, journal.now()))

    assert told(lambda: None) == {own}
    assert told(lambda: Variant.objects.update(price=1600)) == {own, "prices"}
    assert told(lambda: Product.objects.update(title="Cup")) == {own, "words"}


def test_what_no_list_holds_is_taken_off_none():
    draft = make_product(status="draft")
    before = journal.now()
    unlist([draft.pk])
    assert set(journal.changes(before, journal.now())) == {f"product:{draft.pk}"}
