"""Text pages that the shop writes itself, and old addresses that lead to new ones."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from apps.core import setup_notes
from apps.core.roles import MANAGER
from apps.pages.models import Moved, TextPage
from apps.pages.services import addresses_moved, delete_page, save_page
from apps.pages.texts import sample_slugs

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]
LIST = "/admin/pages/textpage/"


@pytest.fixture
def manager(client):
    person = get_user_model().objects.create_user(email="manager@example.com", is_staff=True)
    person.groups.add(Group.objects.get(name=MANAGER))
    client.force_login(person)
    return client


def make_page(**fields):
    german = {"de": {"title": "Werkstatt", "body": "<p>Von Hand.</p>"}}
    fields = {"slug": "workshop", "title": "Workshop", "body": "<p>By hand.</p>", "published": True, **fields}
    return save_page(page=TextPage(**{"translations": german, **fields}))


def test_a_published_page_is_read_in_both_languages(client):
    make_page(meta_description="How we work.")
    page, german = (client.get(f"{prefix}/pages/workshop/").content.decode() for prefix in ("", "/de"))
    assert "<h1>Workshop</h1>" in page and "<p>By hand.</p>" in page
    assert '<meta name="description" content="How we work.">' in page
    assert "<h1>Werkstatt</h1>" in german and "<p>Von Hand.</p>" in german
    assert 'href="/pages/workshop/"' in client.get("/pages/imprint/").content.decode()


def test_its_words_are_cleaned():
    german = {"de": {"body": "<p onclick='x()'>Gut</p><script>x()</script>"}}
    page = make_page(body="<p>Good</p><script>x()</script><iframe></iframe>", translations=german)
    assert page.body == "<p>Good</p>"
    assert page.translations == {"de": {"body": "<p>Gut</p>"}}


def test_a_draft_is_seen_by_staff_alone(client, manager):
    make_page(published=False)
    client.logout()
    assert [client.get(f"/pages/workshop/{query}").status_code for query in ("", "?preview=1")] == [404, 404]
    manager.force_login(get_user_model().objects.get())
    preview = manager.get("/pages/workshop/?preview=1").content.decode()
    assert "This is a preview." in preview and '<meta name="robots" content="noindex">' in preview
    assert manager.get("/pages/workshop/").status_code == 404


def test_a_page_takes_the_place_of_a_sample_when_it_is_published(client):
    page = make_page(slug="imprint", published=False)
    assert "Example Street 1" in client.get("/pages/imprint/").content.decode()
    assert "imprint" in sample_slugs()
    page.published = True
    save_page(page=page)
    own = client.get("/pages/imprint/").content.decode()
    assert "By hand." in own and "alert--warning" not in own
    assert "imprint" not in sample_slugs()
    assert any("Terms" in str(note.text) and "Imprint" not in str(note.text) for note in setup_notes.notes())
    delete_page(page=page)
    assert "Example Street 1" in client.get("/pages/imprint/").content.decode()


def test_the_admin_marks_the_samples_and_begins_with_their_words(manager):
    page = manager.get(LIST).content.decode()
    assert "Sample texts" in page and f"{LIST}add/?slug=imprint" in page
    form = manager.get(f"{LIST}add/?slug=imprint").context["adminform"].form
    assert (form.initial["title"], form.initial["title_de"]) == ("Imprint", "Impressum")
    assert "Example Street 1" in form.initial["body"] and "Beispielstraße 1" in form.initial["body_de"]


def test_a_manager_writes_a_page(manager, client):
    fields = {"title": "Workshop", "slug": "workshop", "published": "on", "body": "<p>By hand.</p>", "position": "0"}
    assert manager.post(f"{LIST}add/", fields).status_code == 302
    assert "By hand." in client.get("/pages/workshop/").content.decode()


def test_after_a_change_of_its_slug_the_old_address_leads_to_the_new_one(client):
    page = make_page()
    page.slug = "studio"
    save_page(page=page)
    answer = client.get("/de/pages/workshop/?from=mail&x=1")
    assert (answer.status_code, answer.url) == (301, "/de/pages/studio/?from=mail&x=1")
    page.slug = "atelier"
    save_page(page=page)
    assert client.get("/pages/workshop/").url == client.get("/pages/studio/").url == "/pages/atelier/"


def test_an_address_that_comes_back_leads_nowhere_else(client):
    page = make_page()
    for slug in ("studio", "workshop"):
        page.slug = slug
        save_page(page=page)
    assert client.get("/pages/workshop/").status_code == 200
    assert client.get("/pages/studio/").url == "/pages/workshop/"
    assert [(row.old, row.new) for row in Moved.objects.all()] == [("/pages/studio/", "/pages/workshop/")]


def test_only_what_is_not_found_is_looked_up(client, django_assert_num_queries):
    addresses_moved({"/pages/imprint/": "/pages/terms/"})
    assert client.get("/pages/imprint/").status_code == 200
    assert client.post("/pages/gone/").status_code in {404, 405}
    assert client.get("/pages/gone/").status_code == 404


def test_a_text_page_is_kept_until_a_text_changes(client, django_assert_num_queries):
    page = make_page()
    client.get("/pages/imprint/")
    with django_assert_num_queries(1):
        client.get("/pages/imprint/")
    page.title = "Our workshop"
    save_page(page=page)
    assert "Our workshop" in client.get("/pages/imprint/").content.decode()
    delete_page(page=page)
    assert "Our workshop" not in client.get("/pages/imprint/").content.decode()
    assert client.get("/pages/workshop/").status_code == 404


def test_a_preview_is_not_kept(manager):
    make_page(published=False)
    assert manager.get("/pages/workshop/?preview=1").status_code == 200
    assert manager.get("/pages/workshop/").status_code == 404
