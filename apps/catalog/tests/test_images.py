import io
import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageCms

from apps.catalog.models import Listing, ProductImage
from apps.catalog.services import renditions
from apps.catalog.services.images import make_renditions
from apps.catalog.tests.factories import make_variant

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def picture(width=700, height=500, kind="JPEG", **options):
    content = io.BytesIO()
    Image.new("RGB", (width, height), (180, 90, 60)).save(content, kind, **options)
    return content.getvalue()


def upload(body, name="mug.jpg"):
    return ProductImage.objects.create(product=make_variant().product, alt="A mug", file=ContentFile(body, name))


def opened(name):
    with default_storage.open(name) as file:
        return Image.open(io.BytesIO(file.read()))


def test_an_upload_becomes_both_formats_in_every_width_that_is_not_wider_than_it():
    image = upload(picture(700, 500))
    make_renditions.func(image.pk)
    image.refresh_from_db()
    assert (image.state, image.width, image.height) == ("ready", 700, 500)
    assert {kind: [width for width, _ in rows] for kind, rows in image.renditions.items()} == {
        "avif": [320, 480, 640],
        "webp": [320, 480, 640],
    }
    for kind, rows in image.renditions.items():
        for width, name in rows:
            found = opened(name)
            assert (found.format, found.size) == (kind.upper(), (width, {320: 229, 480: 343, 640: 457}[width]))
            assert re.fullmatch(rf"products/[0-9a-f]{{20}}-{width}\.{kind}", name)
    assert Listing.objects.get(product=image.product).cover["renditions"] == image.renditions


def test_making_them_again_gives_the_same_names_and_no_second_files(media):
    image = upload(picture())
    make_renditions.func(image.pk)
    files = sorted(media.rglob("*.*"))
    names = ProductImage.objects.get().renditions
    make_renditions.func(image.pk)
    assert ProductImage.objects.get().renditions == names
    assert sorted(media.rglob("*.*")) == files


def test_a_small_picture_keeps_its_own_width():
    image = upload(picture(100, 120, "PNG"), "small.png")
    make_renditions.func(image.pk)
    assert [width for width, _ in ProductImage.objects.get().renditions["webp"]] == [100]


def test_a_picture_taken_sideways_is_turned_upright_and_loses_its_metadata():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "taken at home"
    image = upload(picture(800, 400, exif=exif))
    make_renditions.func(image.pk)
    image.refresh_from_db()
    assert (image.width, image.height) == (400, 800)
    for _, name in image.renditions["webp"] + image.renditions["avif"]:
        assert not opened(name).getexif()


def test_a_transparent_picture_stays_transparent():
    content = io.BytesIO()
    Image.new("RGBA", (400, 400), (0, 0, 0, 0)).save(content, "PNG")
    image = upload(content.getvalue(), "logo.png")
    make_renditions.func(image.pk)
    assert "A" in opened(ProductImage.objects.get().renditions["webp"][0][1]).getbands()


@pytest.mark.parametrize(
    "body", [b"", b"no picture at all", picture()[:300], b"<svg xmlns='http://www.w3.org/2000/svg'/>"]
)
def test_what_is_no_picture_is_marked_and_the_page_does_without(client, body):
    image = upload(body)
    make_renditions.func(image.pk)
    image.refresh_from_db()
    assert (image.state, image.renditions) == ("failed", {})
    assert client.get(f"/products/{image.product.slug}/").status_code == 200


def test_a_picture_that_would_need_too_much_memory_is_refused(monkeypatch):
    monkeypatch.setattr(renditions, "PIXEL_LIMIT", 1000)
    image = upload(picture())
    make_renditions.func(image.pk)
    assert ProductImage.objects.get().state == "failed"


def test_a_picture_that_is_gone_is_nothing_to_do():
    make_renditions.func(4711)


def test_a_picture_that_was_replaced_meanwhile_is_left_to_its_own_job(monkeypatch):
    image = upload(picture())
    save = renditions.saved

    def replace_meanwhile(*args):
        ProductImage.objects.filter(pk=image.pk).update(file="products/originals/other.jpg")
        return save(*args)

    monkeypatch.setattr(renditions, "saved", replace_meanwhile)
    make_renditions.func(image.pk)
    assert ProductImage.objects.get().state == "pending"


def test_an_upload_gets_a_name_that_nobody_can_guess():
    name = upload(picture(), "IMG 0001 home.JPG").file.name
    assert name.startswith("products/originals/")
    assert len(name) == len("products/originals/") + 32 + len(".jpg")


def test_a_file_that_is_gone_is_no_picture_and_shows_nothing(media):
    image = upload(picture())
    image.file.storage.delete(image.file.name)

    make_renditions.func(image.pk)

    image.refresh_from_db()
    assert (image.state, image.renditions) == ("failed", {})


@pytest.mark.parametrize("damaged", [False, True])
def test_colours_of_a_profile_are_brought_to_those_of_the_web_and_a_damaged_profile_is_none(damaged):
    profile = b"no profile" if damaged else ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = upload(picture(400, 300, icc_profile=profile))

    make_renditions.func(image.pk)

    image.refresh_from_db()
    shown = opened(image.renditions["webp"][0][1]).convert("RGB")
    assert image.state == "ready"
    assert "icc_profile" not in shown.info
    assert all(abs(a - b) < 12 for a, b in zip(shown.getpixel((5, 5)), (180, 90, 60), strict=True))


@pytest.mark.parametrize(("mode", "kind"), [("RGB", "JPEG"), ("RGB", "PNG"), ("RGBA", "PNG")])
def test_what_a_profile_calls_red_is_shown_as_the_colour_that_it_means(mode, kind):
    """In this profile red and blue have changed their names."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"tXYZ").replace(b"bXYZ", b"rXYZ").replace(b"tXYZ", b"bXYZ")
    content = io.BytesIO()
    colour = (180, 90, 60, 255)[: len(mode)]
    Image.new(mode, (330, 10), colour).save(content, kind, icc_profile=swapped)
    image = upload(content.getvalue(), f"mug.{kind.lower()}")

    found = renditions.opened(image)

    assert (found.mode, found.size, found.info) == (mode, (330, 10), {})
    assert found.getpixel((5, 5)) == pytest.approx((60, 90, 180, 255)[: len(mode)], abs=3)


@pytest.mark.parametrize(
    ("mode", "shown_as"), [("L", "RGB"), ("CMYK", "RGB"), ("P", "RGB"), ("LA", "RGBA"), ("RGBA", "RGBA"), ("1", "RGB")]
)
def test_every_kind_of_picture_is_shown_in_colours_of_the_web_and_keeps_what_can_be_seen_through(mode, shown_as):
    content = io.BytesIO()
    kind = "JPEG" if mode == "CMYK" else "PNG"
    Image.new(mode, (3, 2)).save(content, kind)
    assert renditions.opened(upload(content.getvalue(), f"mug.{kind.lower()}")).mode == shown_as


def test_a_gif_with_a_clear_colour_stays_clear_there():
    content = io.BytesIO()
    Image.new("P", (3, 2), 0).save(content, "GIF", transparency=0)
    found = renditions.opened(upload(content.getvalue(), "mug.gif"))
    assert (found.mode, found.getpixel((0, 0))[3]) == ("RGBA", 0)


def test_a_large_photograph_is_read_no_larger_than_twice_the_widest_that_is_made(monkeypatch):
    monkeypatch.setattr(renditions, "WIDTHS", (16, 32))
    assert renditions.opened(upload(picture(128, 132))).size == (64, 66)
    assert renditions.opened(upload(picture(127, 132))).size == (127, 132)
    assert renditions.opened(upload(picture(132, 127))).size == (132, 127)


@pytest.mark.parametrize(
    ("size", "made"),
    [
        ((319, 10), [(319, 10)]),
        ((320, 10), [(320, 10)]),
        ((479, 10), [(320, 7)]),
        ((480, 1), [(320, 1), (480, 1)]),
        ((2000, 1000), [(320, 160), (480, 240), (640, 320), (960, 480), (1440, 720)]),
    ],
)
def test_a_picture_is_made_in_each_width_that_it_has_and_never_flat(size, made):
    found = list(renditions.in_widths(Image.new("RGB", size)))
    assert [width for width, _ in found] == [width for width, _ in made]
    assert [resized.size for _, resized in found] == made
