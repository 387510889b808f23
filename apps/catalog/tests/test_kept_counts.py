import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from apps.catalog.models import Branch, Facet, Listing, Placement, Product
from apps.catalog.services import archive_product, hold_stock, matrix, publish, save_category
from apps.catalog.services.branches import count_all
from apps.catalog.tests.factories import make_category, make_image, make_product, make_variant
from apps.core.invariants import audit

pytestmark = pytest.mark.django_db


def found():
    return {broken.invariant: broken.detail for broken in audit() if broken.invariant.startswith("catalog.")}


def kept():
    """By branch: listed, available, reduced, both; and how many of each filter value are listed."""
    names = {str(facet.pk): facet.value for facet in Facet.objects.all()} | {"": "all"}
    return {
        branch.path: {names[key]: numbers for key, numbers in branch.counts.items()}
        for branch in Branch.objects.exclude(counts={})
    }


@pytest.fixture
def mug():
    kitchen = make_category(name="Kitchen", slug="kitchen")
    mugs = make_category(name="Mugs", slug="mugs", parent=kitchen)
    return make_variant(on_hand=1, compare_at_price=2500, options={"Colour": "Moss"}, product_fields={"category": mugs})


def test_every_branch_knows_what_it_holds(mug):
    make_variant(on_hand=0, options={"Colour": "Clay"}, product_fields={"category": mug.product.category.parent})
    one = [1, 1, 1, 1]
    assert kept() == {
        "": {"all": [2, 1, 1, 1], "moss": one, "clay": [1, 0, 0, 0]},
        "kitchen": {"all": [2, 1, 1, 1], "moss": one, "clay": [1, 0, 0, 0]},
        "kitchen/mugs": {"all": one, "moss": one},
    }
    assert found() == {}


def test_the_counts_follow_every_change(mug):
    product = mug.product
    hold_stock(quantities={mug.pk: 1})
    assert kept()["kitchen"] == {"all": [1, 0, 1, 0], "moss": [1, 0, 1, 0]}
    make_variant(product=product, options={"Colour": "Clay"})
    assert kept()["kitchen"] == {name: [1, 1, 1, 1] for name in ("all", "moss", "clay")}
    mugs = product.category
    mugs.parent = None
    save_category(category=mugs)
    assert set(kept()) == {"", "mugs"}
    assert set(Placement.objects.values_list("path", flat=True)) == {"", "mugs"}
    archive_product(product=product)
    assert kept() == {}
    assert found() == {}


def test_a_deleted_product_is_counted_no_longer():
    matrix.delete_product(product=make_variant(options={"Colour": "Moss"}).product)
    assert (kept(), found()) == ({}, {})


def test_what_is_published_again_unchanged_is_not_written(mug, django_assert_num_queries):
    before = Branch.objects.values_list("path", "counts")
    with django_assert_num_queries(12):
        publish([mug.product_id])
    assert list(before) == list(Branch.objects.values_list("path", "counts"))


def test_publishing_costs_the_same_queries_for_24_new_products_as_for_one(mug, django_assert_num_queries):
    counts = []
    for number in (1, 24):
        ids = [make_variant(active=False, options={"Colour": "Moss"}).product_id for _ in range(number)]
        Product.objects.filter(pk__in=ids).update(status=Product.Status.ACTIVE)
        with django_assert_num_queries(23):
            publish(ids)
        counts.append(kept()[""]["moss"][0])
    assert counts == [2, 26]


def test_a_change_of_many_products_returns_at_once_and_jobs_finish_it():
    ids = [make_product(active=False).pk for _ in range(51)]
    Product.objects.update(status=Product.Status.ACTIVE)
    publish(ids)
    assert (Listing.objects.count(), DBTaskResult.objects.filter(task_path__endswith="publish_later").count()) == (0, 1)
    call_command("worker", once=True, verbosity=0)
    assert Listing.objects.count() == 51
    publish(ids[:50])
    assert DBTaskResult.objects.filter(task_path__endswith="publish_later").count() == 1


@pytest.mark.parametrize(
    ("spoil", "invariant", "detail"),
    [
        (
            lambda: Listing.objects.update(cards={"en": "<li>Old</li>"}),
            "listings_hold_the_card_of_their_product",
            "mug has a card that does not show its listing",
        ),
        (
            lambda: Listing.objects.update(card_version="old"),
            "listings_hold_the_card_of_their_product",
            "mug has a card of an older release; run `manage.py reindex --stale`",
        ),
        (
            lambda: Placement.objects.filter(path="").update(price_up=1),
            "listings_stand_in_every_branch_of_their_path",
            "mug stands in lists where or how it should not",
        ),
        (
            lambda: Branch.objects.update(counts={"": [5, 5, 5, 5]}),
            "kept_counts_are_what_counting_gives",
            "the counts of the whole shop are not those of its products; run `manage.py reindex`",
        ),
    ],
)
def test_audit_names_a_wrong_row_and_reindex_mends_it(spoil, invariant, detail):
    make_image(product=make_variant(product_fields={"slug": "mug"}).product)
    spoil()
    assert found() == {f"catalog.{invariant}": detail}
    call_command("reindex", verbosity=0)
    assert found() == {}


def test_a_release_makes_only_what_is_stale(mug, capsys):
    make_variant(title="Bowl")
    call_command("reindex", stale=True)
    assert capsys.readouterr().out == ""
    Listing.objects.filter(title="Bowl").update(card_version="old")
    Placement.objects.filter(listing__title="Mug", path="").delete()
    call_command("reindex", stale=True)
    assert capsys.readouterr().out == "2 products listed anew.\n"
    assert found() == {}


def test_rows_from_before_the_release_get_everything(mug):
    before = kept()
    Listing.objects.update(cards={}, card_version="")
    Placement.objects.all().delete()
    Branch.objects.all().delete()
    call_command("reindex", stale=True, verbosity=0)
    assert found() == {}
    assert kept() == before == {path: kept()[path] for path in count_all()}
