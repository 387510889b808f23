import io
from pathlib import Path

import pytest
from django_tasks_db.models import DBTaskResult
from PIL import Image

from apps.catalog.importing.fetching import Fetcher, FetchFailed
from apps.catalog.importing.pictures import identity
from apps.catalog.importing.pipeline import import_file
from apps.catalog.models import Product, ProductImage
from apps.catalog.services.images import make_renditions
from apps.catalog.tests.importing.pictures import NoNetwork, picture

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]
FILES = Path(__file__).parent / "files"
HEAD = "Handle,Title,Variant Price,Image Src,Image Position,Image Alt Text,Variant Image\n"


def waiting_jobs():
    return list(DBTaskResult.objects.filter(task_path__endswith="make_renditions"))


class Web:
    """The web as a dictionary; remembers what was asked."""

    def __init__(self, pages):
        self.pages = pages
        self.asked = []

    def fetch(self, url):
        self.asked.append(url)
        body = self.pages.get(url)
        if body is None:
            raise FetchFailed("The host answered 404.")
        return body


class Silence:
    def __init__(self):
        self.asked = []

    def fetch(self, url):
        self.asked.append(url)
        raise FetchFailed("The host did not answer properly.", unreachable=True)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "products.csv"
        path.write_text(HEAD + text)
        return path

    return write


def test_pictures_of_the_web_are_kept_with_their_order_text_and_address(file):
    web = Web({"https://p.example/a.png?v=1": picture(), "https://p.example/b.jpg": picture("#123456", kind="JPEG")})
    path = file(
        "mug,Mug,5.00,https://p.example/a.png?v=1,2,From the side,\nmug,,,https://p.example/b.jpg,1,,\n",
    )
    report = import_file(path, fetcher=web)
    assert report.outcomes == {"created": 2}
    assert report.pictures == {"created": 2}
    first, second = ProductImage.objects.all()
    assert (first.source_url, first.alt, first.position) == ("https://p.example/b.jpg", "Mug", 1)
    assert (second.alt, second.width, second.height, second.state) == ("From the side", 64, 48, "pending")
    assert second.file.read() == picture()
    assert second.file.name.startswith("products/originals/")


def test_the_job_of_an_imported_picture_puts_it_on_the_listing(file):
    web = Web({"https://p.example/a.png": picture(size=(800, 600))})
    import_file(file("mug,Mug,5.00,https://p.example/a.png,1,A mug,\n"), fetcher=web)
    assert [job.args_kwargs["args"] for job in waiting_jobs()] == [[ProductImage.objects.get().pk]]
    make_renditions.call(ProductImage.objects.get().pk)
    cover = Product.objects.get().listing.cover
    assert [width for width, _name in cover["renditions"]["avif"]] == [320, 480, 640]
    assert cover["alt"] == {"": "A mug"}


def test_the_same_address_is_not_fetched_again(file):
    web = Web({"https://p.example/a.png?v=1": picture()})
    path = file("mug,Mug,5.00,https://p.example/a.png?v=1,1,,\n")
    import_file(path, fetcher=web)
    report = import_file(path, fetcher=web)
    assert web.asked == ["https://p.example/a.png?v=1"]
    assert report.outcomes == {"unchanged": 1}
    assert ProductImage.objects.count() == 1


def test_a_new_version_of_a_picture_takes_the_place_of_the_old(file):
    web = Web({"https://p.example/a.png?v=1": picture(), "https://p.example/a.png?v=2": picture("#ff0000")})
    import_file(file("mug,Mug,5.00,https://p.example/a.png?v=1,1,,\n"), fetcher=web)
    report = import_file(file("mug,Mug,5.00,https://p.example/a.png?v=2,1,,\n"), fetcher=web)
    assert report.outcomes == {"updated": 1}
    assert ProductImage.objects.get().file.read() == picture("#ff0000")


def test_a_dead_picture_costs_only_itself(file):
    web = Web({"https://p.example/b.png": picture()})
    path = file(
        "mug,Mug,5.00,https://p.example/dead.png,1,,\nmug,,,https://p.example/gone.png,2,,\nmug,,,https://p.example/b.png,3,,\n"
    )
    report = import_file(path, fetcher=web)
    assert report.outcomes == {"created": 2, "failed": 1}
    assert report.failures == [(3, "mug", "The host answered 404.")]
    assert [row for row, _source, _reason in report.picture_failures] == [2, 3]
    assert ProductImage.objects.get().source_url == "https://p.example/b.png"


def test_what_is_no_picture_is_not_kept(file):
    web = Web({"https://p.example/a.png": b"<svg onload='alert(1)'/>"})
    report = import_file(file("mug,Mug,5.00,https://p.example/a.png,1,,\n"), fetcher=web)
    assert report.picture_failures == [(2, "https://p.example/a.png", "It is not a picture that can be read.")]
    assert not ProductImage.objects.exists()


def test_a_silent_host_is_not_asked_for_ever(file):
    silence = Silence()
    rows = "".join(f"mug,,,https://p.example/{n}.png,{n},,\n" for n in range(1, 30))
    report = import_file(file("mug,Mug,5.00,,,,\n" + rows), fetcher=silence)
    assert report.outcomes == {"created": 1, "failed": 29}
    assert len(silence.asked) <= 8


def test_an_address_inside_the_network_is_not_asked(file):
    web = NoNetwork()
    fetcher = Fetcher(resolve=lambda host: ["169.254.169.254"], connect=web.connect)
    report = import_file(file("mug,Mug,5.00,https://metadata.example/latest,1,,\n"), fetcher=fetcher)
    assert report.outcomes == {"created": 1}
    assert "not on the public internet" in report.picture_failures[0][2]


def test_a_variant_gets_the_picture_that_its_row_names(tmp_path):
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    (pictures / "cup-white.png").write_bytes(picture("#ffffff"))
    (pictures / "cup-black.png").write_bytes(picture("#000000"))
    import_file(FILES / "new.csv", images=pictures)
    assert list(ProductImage.objects.values_list("variant__sku", "alt")) == [
        ("CUP-W", "White cup"),
        ("CUP-B", "Stoneware Cup"),
    ]


def test_the_folder_is_looked_into_before_the_web(file, tmp_path):
    (tmp_path / "a b.png").write_bytes(picture())
    web = Web({})
    report = import_file(file("mug,Mug,5.00,https://p.example/files/a%20b.png?v=3,1,,\n"), images=tmp_path, fetcher=web)
    assert report.pictures == {"created": 1}
    assert web.asked == []


@pytest.mark.parametrize(
    "name", ["../secret.png", "/etc/passwd", "sub/../../secret.png", "link.png", "", ".", "a\\b.png"]
)
def test_a_name_never_leads_out_of_the_folder(file, tmp_path, name):
    (tmp_path / "secret.png").write_bytes(picture())
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    import_file(file(f"mug,Mug,5.00,{name},1,,\n"), images=folder, fetcher=Web({}))
    assert not ProductImage.objects.exists()


def test_a_dry_run_asks_nobody_and_keeps_nothing(file):
    web = Web({})
    report = import_file(
        file("mug,Mug,5.00,https://p.example/a.png,1,,\nmug,,,https://p.example/b.png,2,,\n"), dry_run=True, fetcher=web
    )
    assert web.asked == []
    assert report.outcomes == {"created": 2}
    assert report.pictures == {"created": 2}
    assert not ProductImage.objects.exists()


@pytest.mark.parametrize(
    ("source", "same"),
    [("https://a/b.png?v=1", "https://a/b.png"), ("https://a/b?v=1&w=2", "https://a/b?w=2"), ("b.png", "b.png")],
)
def test_the_version_is_no_part_of_a_pictures_identity(source, same):
    assert identity(source) == same


def test_a_photograph_lying_on_its_side_is_measured_as_it_is_shown(file):
    body = io.BytesIO()
    photo = Image.new("RGB", (64, 48), "#888888")
    exif = photo.getexif()
    exif[0x0112] = 6
    photo.save(body, "JPEG", exif=exif)
    import_file(
        file("mug,Mug,5.00,https://p.example/a.jpg,1,,\n"), fetcher=Web({"https://p.example/a.jpg": body.getvalue()})
    )
    image = ProductImage.objects.get()
    assert (image.width, image.height) == (48, 64)
