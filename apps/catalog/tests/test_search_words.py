"""What the search makes of words that the shop does not have: synonyms, "did you mean", and the list for staff."""

import pytest
from django.urls import reverse

from apps.catalog.models import SearchMiss, SearchWord, Synonym
from apps.catalog.search import did_you_mean, misses, record_miss, single_words
from apps.catalog.services import delete_synonyms, save_synonyms
from apps.catalog.tests.factories import make_variant
from apps.catalog.tests.test_search import found
from apps.users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamps():
    make_variant(title="Walnut desk lamp", sku="LAMP-1")
    make_variant(title="Keyboard tray", sku="TRAY-1", product_fields={"translations": {"de": {"title": "Krüge"}}})
    make_variant(title="Coffee table", sku="TABLE-1")


@pytest.fixture
def staff(client):
    client.force_login(User.objects.create_superuser("boss@example.com", "a new harbour"))
    return client


def synonyms(words):
    return save_synonyms(synonym=Synonym(words=words))


def missed():
    return list(SearchMiss.objects.values_list("words", "count"))


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("light", ["Walnut desk lamp"]),
        ("Lights", ["Walnut desk lamp"]),
        ("luminaire", ["Walnut desk lamp"]),
        ("desk light", ["Walnut desk lamp"]),
        ("lamp", ["Walnut desk lamp"]),
        ("reading light walnut", ["Walnut desk lamp"]),
        ("light table", []),
        ("lig", []),
    ],
)
def test_a_synonym_finds_what_any_of_its_words_finds(lamps, q, expected):
    synonyms("lamp, light, reading light, luminaire")
    assert found(q) == expected


def test_synonyms_count_from_the_next_search_on_and_end_with_their_row(lamps):
    assert found("sofa table") == []
    row = synonyms("sofa, coffee")
    assert found("sofa table") == ["Coffee table"]
    row.words = "couch, coffee"
    save_synonyms(synonym=row)
    assert (found("sofa table"), found("couch table")) == ([], ["Coffee table"])
    delete_synonyms(ids=[row.pk])
    assert found("couch table") == []


@pytest.mark.parametrize("words", ["lamp", "lamp,", ", ,", "' OR \" NEAR(*), ) | & !", "a, the, of"])
def test_senseless_synonyms_do_no_harm(lamps, words):
    synonyms(words)
    assert found("lamp") == ["Walnut desk lamp"]
    assert found("the a of") == []


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("keybord", "keyboard"),
        ("wallnut", "walnut"),
        ("Walnutt dsek lmap", "walnut desk lamp"),
        ("kruege", "krüge"),
        ("desklamp", "lamp"),
        ("lamp zzzzzz", ""),
        ("zzzzzz", ""),
        ("ab", ""),
        ("walnut keyboard", ""),
        ("", ""),
    ],
)
def test_a_slip_of_the_pen_leads_to_a_word_of_the_shop(lamps, q, expected):
    assert did_you_mean(q, "en") == expected


def test_what_has_left_the_shop_is_not_meant(lamps):
    SearchWord.objects.create(word="keyboarding", spelling="keyboarding")
    assert did_you_mean("keyboardng", "en") == ""


def test_words_that_are_not_found_together_are_offered_one_by_one(lamps):
    assert single_words("the Walnut keyboard of Zanzibar") == ["walnut", "keyboard"]
    assert single_words("lamp zzzzzz") == ["lamp"]
    assert single_words("wallnut keybord") == ["walnut", "keyboard"]
    assert single_words("walnut") == []


def test_searches_without_a_hit_are_counted_by_their_words():
    for q in ("Bunte Krüge", "bunte  KRÜGE!", "settee", "", "?!", "\x00\ud800"):
        record_miss(q)
    assert missed() == [("bunte krüge", 2), ("settee", 1)]


@pytest.mark.parametrize("q", ["ada@example.com", "0171 2345678", "+49 (171) 23-45-67 8", "4111111111111111"])
def test_what_may_name_a_person_is_not_written_down(q):
    record_miss(q)
    assert missed() == []


def test_of_too_many_misses_the_rarest_and_oldest_go(monkeypatch):
    monkeypatch.setattr(misses, "MOST_ROWS", 2)
    for q in ("one", "two", "two", "three"):
        record_miss(q)
    assert missed() == [("two", 2), ("three", 1)]


def test_staff_make_a_synonym_of_a_search_without_a_hit(lamps, staff):
    record_miss("settee")
    record_miss("Ottoman")
    rows = staff.get(reverse("admin:catalog_searchmiss_changelist")).content.decode()
    assert 'href="/admin/catalog/synonym/add/?words=settee%2C+"' in rows
    form = staff.get("/admin/catalog/synonym/add/?words=settee%2C+").content.decode()
    assert 'value="settee, "' in form

    refused = staff.post("/admin/catalog/synonym/add/", {"words": "settee, "})
    assert (refused.status_code, Synonym.objects.count(), SearchMiss.objects.count()) == (200, 0, 2)
    made = staff.post("/admin/catalog/synonym/add/", {"words": "settee,table , table"})
    assert made.status_code == 302
    assert list(Synonym.objects.values_list("words", flat=True)) == ["settee, table"]
    assert missed() == [("ottoman", 1)]
    assert found("settees") == ["Coffee table"]

    row = Synonym.objects.get()
    staff.post(reverse("admin:catalog_synonym_changelist"), {
        "action": "delete_selected", "_selected_action": [row.pk], "post": "yes",
    })  # fmt: skip
    assert found("settees") == []
