"""The shop's own data: from the environment until somebody saves them, then from the row, everywhere at once."""

import io

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from apps.core import brand, setup_notes
from apps.core.roles import MANAGER
from apps.jobs.worker import Worker
from apps.pages import journal, shop
from apps.pages.models import MenuLink, Shop
from apps.pages.services import pages_changed, save_shop

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]
ADDRESS = "/admin/pages/shop/"
NO_LINKS = {"links-TOTAL_FORMS": "0", "links-INITIAL_FORMS": "0"}
ONE_LINK = {"links-TOTAL_FORMS": "1", "links-INITIAL_FORMS": "0"}


@pytest.fixture
def kiln():
    return save_shop(
        shop=Shop(
            name="Kiln & Co",
            tagline="Pots that last.",
            headline="Fired twice",
            legal_address="Kiln Ltd\n 1 Oven Road\n\nGermany",
            vat_id="DE123456789",
            email="hello@kiln.example",
            phone="+49 30 1234",
            translations={"de": {"headline": "Zweimal gebrannt"}},
        )
    )


@pytest.fixture
def manager(client):
    person = get_user_model().objects.create_user(email="manager@example.com", is_staff=True)
    person.groups.add(Group.objects.get(name=MANAGER))
    client.force_login(person)
    return client


def png(size=(600, 200)):
    file = io.BytesIO()
    Image.new("RGBA", size, (20, 90, 60, 255)).save(file, "PNG")
    return file.getvalue()


def test_until_somebody_saves_them_the_environment_says_them(client, settings):
    settings.SHOP_NAME, settings.SHOP_LEGAL_ADDRESS, settings.SHOP_VAT_ID = "Salt & Oak", ["Salt Ltd", "Hamburg"], "DE9"
    assert "Salt &amp; Oak" in client.get("/").content.decode()
    assert shop.current().row.legal_lines == ["Salt Ltd", "Hamburg"]
    assert brand.shop_name() == "Salt & Oak"
    assert not Shop.objects.exists()


def test_saved_they_are_on_every_page(client, kiln, settings):
    settings.SHOP_NAME = "Another"
    home, german = client.get("/").content.decode(), client.get("/de/").content.decode()
    assert "Kiln &amp; Co" in home and "Another" not in home
    assert "<h1>Fired twice</h1>" in home and "<h1>Zweimal gebrannt</h1>" in german
    assert '<meta name="description" content="Pots that last.">' in home
    assert 'href="mailto:hello@kiln.example"' in home
    imprint = client.get("/pages/imprint/").content.decode()
    assert "Kiln Ltd<br>1 Oven Road<br>Germany" in imprint
    assert "+49 30 1234" in imprint and "VAT number: DE123456789" in imprint


def test_mails_are_headed_by_the_name(client, kiln):
    get_user_model().objects.create_user(email="ada@example.com")
    client.get("/")
    client.post(reverse("account_reset_password"), {"email": "ada@example.com"})
    Worker().drain()
    assert "Kiln & Co" in mail.outbox[0].subject


def test_a_process_reads_them_once_and_again_after_a_change(kiln, django_assert_num_queries):
    assert shop.current().name == "Kiln & Co"
    with django_assert_num_queries(1):
        assert shop.current().name == "Kiln & Co"
    save_shop(shop=Shop(name="Oven"))
    assert shop.current().name == "Oven"


def test_a_change_of_something_else_reads_nothing_again(kiln, django_assert_num_queries):
    shop.current()
    pages_changed("prices")
    with django_assert_num_queries(1):
        shop.current()


def test_every_save_is_written_down_for_the_kept_pages():
    before = journal.now()
    save_shop(shop=Shop(name="Oven"))
    assert journal.changes(before, journal.now()) == {"shop"}


def test_there_is_one_row(kiln):
    save_shop(shop=Shop(name="Second"))
    assert [row.name for row in Shop.objects.all()] == ["Second"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Shop(pk=2, name="Third").save(force_insert=True)


def test_a_manager_finds_the_first_values_in_the_form(manager, settings):
    settings.SHOP_NAME = "Salt & Oak"
    page = manager.get(ADDRESS).content.decode()
    assert 'value="Salt &amp; Oak"' in page
    assert not Shop.objects.exists()


def test_a_manager_saves_the_whole_on_one_page(manager):
    link = {
        "links-0-place": "header",
        "links-0-label": "Our story",
        "links-0-label_de": "Unsere Geschichte",
        "links-0-target": "/pages/terms/",
        "links-0-position": "0",
    }
    fields = {"name": "Kiln", "headline": "Fired twice", "headline_de": "Zweimal gebrannt", "featured": "MUG-1\nmug-1"}
    answer = manager.post(ADDRESS, {**ONE_LINK, **link, **fields})
    assert (answer.status_code, answer.url) == (302, ADDRESS)
    row = Shop.objects.get()
    assert (row.name, row.headline, row.localized("headline", "de")) == ("Kiln", "Fired twice", "Zweimal gebrannt")
    assert row.featured_codes == ["MUG-1", "mug-1"]
    assert '<a href="/pages/terms/">Our story' in Client().get("/").content.decode()
    assert '<a href="/de/pages/terms/">Unsere Geschichte' in Client().get("/de/").content.decode()
    saved = manager.get(ADDRESS).content.decode()
    assert "not in the shop: MUG-1, mug-1." in saved and "sample headline" not in saved
    assert 'value="Kiln"' in saved and 'value="Unsere Geschichte"' in saved


@pytest.mark.parametrize("target", ["//evil.example/", "javascript:alert(1)", "pages/terms/", "/a b"])
def test_a_menu_link_leads_to_an_address(manager, target):
    link = {"links-0-place": "header", "links-0-label": "Out", "links-0-target": target, "links-0-position": "0"}
    answer = manager.post(ADDRESS, {**ONE_LINK, **link, "name": "Kiln"})
    assert "Enter an address of this shop" in answer.content.decode()
    assert not MenuLink.objects.exists() and not Shop.objects.exists()


def test_a_logo_becomes_a_small_picture_in_the_header(manager, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    file = SimpleUploadedFile("logo.svg", png(), content_type="image/svg+xml")
    assert manager.post(ADDRESS, {**NO_LINKS, "name": "Kiln", "new_logo": file}).status_code == 302
    row = Shop.objects.get()
    assert (row.logo_width, row.logo_height) == (336, 112)
    assert Image.open(tmp_path / row.logo).format == "WEBP"
    assert f'src="/media/{row.logo}"' in client.get("/").content.decode()
    manager.post(ADDRESS, {**NO_LINKS, "name": "Kiln", "drop_logo": "on"})
    assert Shop.objects.get().logo == ""


@pytest.mark.parametrize("content", [b"", b"<svg/>", png()[:60], b"\xff" * 5_242_881])
def test_what_is_no_picture_is_refused(manager, content):
    file = SimpleUploadedFile("logo.png", content, content_type="image/png")
    answer = manager.post(ADDRESS, {**NO_LINKS, "name": "Kiln", "new_logo": file})
    assert answer.status_code == 200
    assert not Shop.objects.exists()


def test_a_sample_headline_is_on_the_set_up_list_until_it_is_replaced(kiln):
    assert [note.done for note in setup_notes.notes() if "start page" in str(note.text).lower()] == [True]
    save_shop(shop=Shop(name="Kiln"))
    assert [note.done for note in setup_notes.notes() if "start page" in str(note.text).lower()] == [False]
