import pytest
from django.db.models import ProtectedError

from apps.catalog.models import Category
from apps.catalog.services.categories import delete_category, delete_empty_categories
from apps.catalog.tests.factories import make_category, make_product
from apps.pages import journal

pytestmark = pytest.mark.django_db


def paths():
    return list(Category.objects.order_by("path").values_list("path", flat=True))


def test_an_empty_category_can_be_deleted_and_pages_learn_of_it():
    kitchen = make_category(slug="kitchen")
    before = journal.now()

    delete_category(category=kitchen)

    assert paths() == []
    assert "categories" in journal.changes(before, journal.now())


def test_a_category_with_something_in_it_stays():
    kitchen = make_category(slug="kitchen")
    make_category(slug="mugs", parent=kitchen)
    with pytest.raises(ProtectedError):
        delete_category(category=kitchen)
    assert paths() == ["kitchen", "kitchen/mugs"]


def test_of_several_categories_those_that_are_empty_go_the_deepest_first():
    kitchen, garden = make_category(slug="kitchen"), make_category(slug="garden")
    make_category(slug="mugs", parent=kitchen)
    make_product(category=garden)
    before = journal.now()

    assert delete_empty_categories(paths=["kitchen", "kitchen/mugs", "garden", "unknown"]) == 2

    assert paths() == ["garden"]
    assert "categories" in journal.changes(before, journal.now())


def test_where_no_category_is_empty_no_page_is_made_again():
    garden = make_category(slug="garden")
    make_product(category=garden)
    before = journal.now()
    assert delete_empty_categories(paths=["garden"]) == 0
    assert journal.now() == before
