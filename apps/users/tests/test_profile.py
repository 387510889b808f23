from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from apps.users.tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

FIELDS = {"full_name": "Ada Lovelace", "bio": "Counts.", "language": "de"}


@pytest.fixture
def ada(client):
    user = make_user()
    client.force_login(user)
    return user


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(width=900, height=600, kind="JPEG", color="teal", **options):
    content = BytesIO()
    Image.new("RGB", (width, height), color).save(content, kind, **options)
    return SimpleUploadedFile("holiday in Kiel.jpg", content.getvalue())


def save(client, **fields):
    return client.post(reverse("users:account"), {**FIELDS, **fields})


def test_name_bio_and_language_are_kept(client, ada):
    assert save(client).status_code == 302
    ada.refresh_from_db()
    assert (ada.full_name, ada.bio, ada.language) == ("Ada Lovelace", "Counts.", "de")


def test_a_picture_becomes_a_small_square_without_metadata(client, ada):
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    save(client, avatar=picture(exif=exif))
    ada.refresh_from_db()
    assert ada.avatar.name.startswith("avatars/")
    assert "holiday" not in ada.avatar.name
    with Image.open(ada.avatar) as stored:
        assert (stored.format, stored.size, dict(stored.getexif())) == ("WEBP", (320, 320), {})


def test_a_new_picture_replaces_the_file_of_the_old_one(client, ada):
    save(client, avatar=picture())
    ada.refresh_from_db()
    old = ada.avatar.name
    save(client, avatar=picture())
    ada.refresh_from_db()
    assert ada.avatar.name == old
    save(client, avatar=picture(color="navy"))
    ada.refresh_from_db()
    assert default_storage.exists(ada.avatar.name)
    assert not default_storage.exists(old)


def test_a_picture_can_be_removed(client, ada):
    assert "remove_avatar" not in client.get(reverse("users:account")).context["form"].fields
    save(client, avatar=picture())
    ada.refresh_from_db()
    old = ada.avatar.name
    save(client)
    ada.refresh_from_db()
    assert ada.avatar.name == old
    save(client, remove_avatar="on")
    ada.refresh_from_db()
    assert not ada.avatar
    assert not default_storage.exists(old)


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("a.jpg", b"no picture at all"),
        SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
        SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + b"\0" * (5 * 1024 * 1024)),
    ],
    ids=["text", "svg", "large"],
)
def test_a_refused_picture_is_422_and_changes_nothing(client, ada, upload):
    answer = save(client, avatar=upload)
    assert answer.status_code == 422
    assert 'data-testid="form-error"' in answer.content.decode()
    ada.refresh_from_db()
    assert (ada.full_name, ada.avatar.name) == ("", "")


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(client, ada):
    content = BytesIO()
    Image.new("1", (8000, 8000)).save(content, "PNG")
    answer = save(client, avatar=SimpleUploadedFile("bomb.png", content.getvalue()))
    assert answer.status_code == 422
    assert "40 megapixels" in answer.content.decode()


def test_markup_in_a_name_is_shown_as_text(client, ada):
    save(client, full_name="<script>alert(1)</script>")
    text = client.get(reverse("users:account")).content.decode()
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_the_page_is_for_its_owner_and_no_search_engine(client, ada):
    text = client.get(reverse("users:account")).content.decode()
    assert '<meta name="robots" content="noindex">' in text
    assert ada.email in text
