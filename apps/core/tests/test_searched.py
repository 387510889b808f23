import pytest
from django.contrib.auth.models import Group
from django.db.models import Q

from apps.core import searched as module
from apps.core.searched import few, searched

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]


@pytest.fixture
def groups(monkeypatch):
    monkeypatch.setattr(module, "FEW", 2)
    Group.objects.all().delete()
    return [Group.objects.create(name=name) for name in ("red one", "red two", "blue one", "green one")]


def test_few_rows_are_looked_for_once_and_then_named(groups, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = searched(Group.objects.all(), Q(name__contains="red"))
    assert "LIKE" not in str(found.query)
    assert list(found.order_by("-pk").values_list("name", flat=True)) == ["red two", "red one"]


def test_where_nothing_matches_nothing_more_is_asked(groups, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert list(searched(Group.objects.all(), Q(name__contains="pink"))) == []


def test_many_rows_stay_a_question(groups):
    found = searched(Group.objects.all(), Q(name__contains="one"))
    assert "LIKE" in str(found.query)
    assert found.count() == 3


def test_a_filter_that_was_set_before_stays(groups):
    chosen = Group.objects.filter(name__endswith="one")
    assert [group.name for group in searched(chosen, Q(name__contains="red"))] == ["red one"]


def test_keys_are_a_list_while_they_are_few(groups):
    keys = Group.objects.order_by("pk").values_list("pk", flat=True)
    assert few(keys.filter(name__contains="red")) == [groups[0].pk, groups[1].pk]
    many = few(keys)
    assert not isinstance(many, list)
    assert list(many) == [group.pk for group in groups]
