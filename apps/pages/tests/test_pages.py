import re

import pytest
from django.urls import reverse

from apps.core import setup_notes
from apps.pages.texts import TITLES, sample_slugs

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]


@pytest.mark.parametrize("language", ["", "/de"])
@pytest.mark.parametrize("slug", list(TITLES))
def test_every_text_page_says_that_it_is_a_sample(client, slug, language):
    page = client.get(f"{language}/pages/{slug}/")
    assert page.status_code == 200
    assert 'class="alert alert--warning"' in page.content.decode()


def test_every_text_page_has_a_description_of_its_own(client):
    found = [re.findall(r'<meta name="description" content="([^"]+)">', page(client, slug)) for slug in TITLES]
    assert all(len(descriptions) == 1 for descriptions in found)
    assert len({descriptions[0] for descriptions in found}) == len(TITLES)


def page(client, slug):
    return client.get(reverse("pages:page", args=[slug])).content.decode()


def test_a_german_reader_gets_german_words(client):
    assert "Beispielstraße 1" in client.get("/de/pages/imprint/").content.decode()
    assert "Example Street 1" in client.get("/pages/imprint/").content.decode()


@pytest.mark.parametrize("slug", ["unknown", "en", "page", "sample"])
def test_an_unknown_page_is_not_found(client, slug):
    assert client.get(reverse("pages:page", args=[slug])).status_code == 404


def test_the_set_up_list_names_the_samples():
    assert sample_slugs() == list(TITLES)
    assert any("sample texts" in str(note.text) and not note.done for note in setup_notes.notes())


def test_a_shop_replaces_a_text_by_a_template_of_its_own(settings, tmp_path):
    for language in ("en", "de"):
        own = tmp_path / "pages" / language / "imprint.html"
        own.parent.mkdir(parents=True)
        own.write_text("Our own words.")
    engine = {**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}
    settings.TEMPLATES = [engine]
    assert "imprint" not in sample_slugs()


def test_search_engines_are_asked_to_leave_private_pages_alone(client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    lines = answer.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert "Disallow: /cart/" in lines
    assert "Disallow: /de/checkout/" in lines
