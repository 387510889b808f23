"""What publishing keeps so that pages need not ask: the rows of lists, filters, variants and galleries, whole."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from apps.catalog.cards import card_version, cards_of
from apps.catalog.models import (
    Branch,
    Facet,
    Listing,
    Option,
    OptionValue,
    Placement,
    Product,
    SearchMiss,
    Synonym,
    Variant,
)
from apps.catalog.services import activate_product, branches, publish
from apps.catalog.services.companions import keep_companions
from apps.catalog.services.placements import ON_REQUEST
from apps.catalog.services.synonyms import save_synonyms
from apps.catalog.tests.factories import RENDITIONS, make_category, make_image, make_product, make_variant
from apps.pages import journal

pytestmark = pytest.mark.django_db

PUBLISHED = datetime(2026, 11, 20, 8, 5, tzinfo=UTC)


@pytest.fixture
def mug():
    """In two colours, of which one is reduced and sold out; in English and German."""
    kitchen = make_category(name="Kitchen", slug="kitchen")
    mugs = make_category(name="Mugs", slug="mugs", parent=kitchen)
    texts = {"de": {"title": "Becher", "subtitle": "", "description": "Ein Becher"}, "fr": {"description": "x"}}
    product = make_product(
        title="Mug",
        slug="mug",
        subtitle="Two-tone",
        translations=texts,
        category=mugs,
        published_at=PUBLISHED,
    )
    make_variant(product=product, sku="MOSS", price=1500, compare_at_price=2000, on_hand=0, options={"Colour": "Moss"})
    make_variant(product=product, sku="CLAY", price=2500, on_hand=4, options={"Colour": "Clay"})
    make_variant(product=product, sku="RUST", price=None, on_hand=9, options={"Colour": "Rust"})
    Option.objects.update(translations={"de": {"name": "Farbe"}})
    OptionValue.objects.filter(value="Moss").update(translations={"de": {"value": "Moos"}})
    make_image(product=product, alt="All of them")
    publish([product.pk])
    return product


def test_the_row_of_a_list(mug):
    row = Listing.objects.get()
    kept = {name: getattr(row, name) for name in row.__dict__ if not name.startswith("_")}

    assert kept == {
        "product_id": mug.pk,
        "slug": "mug",
        "title": "Mug",
        "subtitle": "Two-tone",
        "translations": {"de": {"title": "Becher"}, "fr": {}},
        "category_path": "kitchen/mugs/",
        "price_min": 1500,
        "price_max": 2500,
        "compare_at": 2000,
        "lowest_before": None,
        "on_sale": True,
        "available": True,
        "cover": mug.images.get().as_spec(),
        "published_at": PUBLISHED,
        "cards": cards_of(row),
        "card_version": card_version(),
    }


def test_its_places_in_lists(mug):
    microseconds = int(PUBLISHED.timestamp()) * 10**6
    place = (microseconds, 1500, 1500, True, True)
    columns = ("path", "newest", "price_up", "price_down", "available", "on_sale")
    assert sorted(Placement.objects.values_list(*columns)) == [
        ("", *place),
        ("kitchen", *place),
        ("kitchen/mugs", *place),
    ]

    Variant.objects.update(price=None, compare_at_price=None)
    publish([mug.pk])
    assert set(Placement.objects.values_list(*columns[1:])) == {(microseconds, ON_REQUEST, -1, False, False)}


def test_what_costs_nothing_is_cheaper_than_what_costs_a_cent():
    cent = make_variant(price=1)
    make_variant(product=cent.product, price=0, options={"Size": "S"})
    assert Listing.objects.values_list("price_min", "price_max").get() == (0, 1)


def test_a_list_that_it_has_left_holds_it_no_longer_and_the_others_do(mug):
    other = make_variant(product_fields={"category": mug.category}).product
    mug.category = mug.category.parent
    mug.save()
    publish([mug.pk])

    placed = {pk: set(Placement.objects.filter(listing=pk).values_list("path", flat=True)) for pk in (mug.pk, other.pk)}
    assert placed == {mug.pk: {"", "kitchen"}, other.pk: {"", "kitchen", "kitchen/mugs"}}


def test_its_filter_values_and_what_the_filters_show(mug):
    make_variant(options={"Colour": "Moss"})
    facets = Facet.objects.order_by("position")
    assert list(facets.values_list("option", "value", "option_name", "value_name", "position", "translations")) == [
        ("colour", "moss", "Colour", "Moss", 0, {}),
        ("colour", "clay", "Colour", "Clay", 1, {}),
        ("colour", "rust", "Colour", "Rust", 2, {}),
    ]

    moss, clay, rust = facets
    numbers = {moss: [2, 2, 1, 1], clay: [1, 1, 1, 1], rust: [1, 1, 1, 1]}
    shown = [["colour", "Colour", [[f.value, f.value_name, f.pk, *numbers[f]] for f in facets]]]
    assert Branch.objects.get(path="").shown == {"en": shown, "de": shown}
    assert Branch.objects.get(path="").counts == {
        "": [2, 2, 1, 1],
        **{str(facet.pk): counts for facet, counts in numbers.items()},
    }


def test_a_filter_value_is_named_in_every_language_that_has_a_name_for_it():
    product = make_product(active=False)
    for place, colour in enumerate(("Moss", "Clay")):
        make_variant(product=product, options={"Colour": colour}, position=place)
    Option.objects.update(translations={"de": {"name": "Farbe"}})
    OptionValue.objects.filter(value="Moss").update(translations={"de": {"value": "Moos"}})
    activate_product(product=product)

    assert list(Facet.objects.order_by("position").values_list("value", "translations")) == [
        ("moss", {"de": {"option_name": "Farbe", "value_name": "Moos"}}),
        ("clay", {"de": {"option_name": "Farbe"}}),
    ]
    assert [values[:2] for values in Branch.objects.get(path="").shown["de"][0][2]] == [
        ["moss", "Moos"],
        ["clay", "Clay"],
    ]


def test_the_summary_of_a_variant_and_the_gallery(mug):
    moss = Variant.objects.get(sku="MOSS")
    value = moss.values.select_related("option").get()
    picture = mug.images.get()

    assert moss.summary == {
        "options": [
            {
                "option": value.option_id,
                "name": {"": "Colour", "de": "Farbe"},
                "id": value.pk,
                "value": {"": "Moss", "de": "Moos"},
                "position": 0,
            }
        ],
        "cover": picture.as_spec(),
    }
    mug.refresh_from_db()
    assert mug.gallery == [{"variants": [], "general": True, "picture": picture.as_spec()}]
    assert picture.as_spec()["renditions"] == RENDITIONS


def test_pictures_that_are_not_made_yet_or_failed_are_in_no_gallery(mug):
    cover = mug.images.get()
    mug.images.update(position=5)
    for state in ("pending", "failed"):
        make_image(product=mug, state=state, position=0)
    mug.refresh_from_db()

    assert [entry["picture"] for entry in mug.gallery] == [cover.as_spec()]
    assert Listing.objects.get().cover == cover.as_spec()


@pytest.mark.parametrize(("limit", "shown"), [(1, ["colour"]), (2, ["colour", "size"]), (8, ["colour", "size", "cut"])])
def test_the_options_that_most_products_have_are_filters(monkeypatch, limit, shown):
    monkeypatch.setattr(branches, "MOST_GROUPS", limit)
    product = make_product()
    pairs = [("Moss", "S", "Slim"), ("Moss", "L", "Wide"), ("Clay", "S", None)]
    for colour, size, cut in pairs:
        options = {"Colour": colour, "Size": size} | ({"Cut": cut} if cut else {})
        make_variant(product=product, options=options)
    make_variant(options={"Colour": "Moss", "Size": "S"})
    make_variant(options={"Colour": "Clay", "One": "only"})
    # Two products have each colour, one or two each size, one each cut; of "one" there is nothing to choose.
    assert [option for option, *_ in Branch.objects.get(path="").shown["en"]] == shown


def test_the_commonest_values_are_shown_in_their_own_order(monkeypatch):
    monkeypatch.setattr(branches, "MOST_SHOWN", 2)
    for colours in (["Moss", "Clay", "Rust"], ["Rust"], ["Rust", "Moss"]):
        product = make_product()
        for place, colour in enumerate(colours):
            make_variant(product=product, options={"Colour": colour}, position=place)
    assert [value[0] for value in Branch.objects.get(path="").shown["en"][0][2]] == ["moss", "rust"]


def test_what_is_bought_together_is_kept_at_most_four_and_told_to_its_pages():
    first, second, third, *others = [make_product() for _ in range(7)]
    everything = [product.pk for product in (second, third, *others)]
    assert keep_companions({first.pk: everything, second.pk: [first.pk]}) == 2
    before = journal.now()

    assert keep_companions({first.pk: everything, third.pk: [second.pk]}) == 2

    kept = {pk: ids for pk, ids in Product.objects.values_list("pk", "companions") if ids}
    assert kept == {first.pk: everything[:4], third.pk: [second.pk]}
    assert set(journal.changes(before, journal.now())) == {f"product:{second.pk}", f"product:{third.pk}"}
    before = journal.now()
    assert keep_companions({first.pk: everything, second.pk: [], third.pk: [second.pk]}) == 0
    assert journal.now() == before


def test_a_search_that_found_nothing_is_answered_by_words_that_mean_the_same():
    for words in ("beaker", "jug"):
        SearchMiss.objects.create(words=words, last_at=timezone.now())
    save_synonyms(synonym=Synonym(words="mug, Beaker"))
    assert list(SearchMiss.objects.values_list("words", flat=True)) == ["jug"]
