"""Renditions of an uploaded picture: two formats, several widths, no metadata, names that hold a hash."""

import hashlib
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.tasks import task

from apps.catalog.models import ProductImage
from apps.catalog.services.publishing import publish

# Pillow takes a process 3 MB that shows pages to guests, so it is imported where a picture is read.
if TYPE_CHECKING:
    from PIL import Image

WIDTHS = (320, 480, 640, 960, 1440)
FORMATS = {"avif": {"quality": 60, "speed": 7}, "webp": {"quality": 80, "method": 4}}
READABLE = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
PIXEL_LIMIT = 50_000_000


class UnreadablePicture(Exception):
    """The file is no picture, is damaged, or would need too much memory."""


@task(max_attempts=4, backoff=30.0, lease=300.0)
def make_renditions(image_id: int) -> None:
    """Make what the shop shows of an upload and publish its product.

    Safe to repeat: the same picture gives the same names. A file that can't be read marks the picture as failed; a
    storage that is away raises, and the queue tries again.
    """
    image = ProductImage.objects.filter(pk=image_id).exclude(file="").first()
    if image is None:
        return
    source = str(image.file.name)
    try:
        picture = _open(image)
    except UnreadablePicture:
        _finish(image, source, state=ProductImage.State.FAILED, renditions={}, width=0, height=0)
        return
    renditions: dict[str, list[list[object]]] = {kind: [] for kind in FORMATS}
    for width, resized in _widths(picture):
        for kind, options in FORMATS.items():
            renditions[kind].append([width, _save(resized, kind, options)])
    _finish(
        image,
        source,
        state=ProductImage.State.READY,
        renditions=renditions,
        width=picture.width,
        height=picture.height,
    )


def _open(image: ProductImage) -> "Image.Image":
    """The picture upright, in sRGB, without anything else that the file said."""
    from PIL import Image, ImageOps

    try:
        with image.file.open("rb") as file:
            content = io.BytesIO(file.read())
    except FileNotFoundError as error:
        raise UnreadablePicture from error
    try:
        picture: Image.Image = Image.open(content, formats=READABLE)
        if picture.width * picture.height > PIXEL_LIMIT:
            raise UnreadablePicture
        picture.draft("RGB", (2 * WIDTHS[-1], 2 * WIDTHS[-1]))
        picture = ImageOps.exif_transpose(picture)
        alpha = "A" in picture.getbands() or "transparency" in picture.info
        return _in_srgb(picture, "RGBA" if alpha else "RGB")
    # Pillow reports damage with whatever its decoders raise.
    except (OSError, ValueError, SyntaxError, IndexError, Image.DecompressionBombError) as error:
        raise UnreadablePicture from error


def _in_srgb(picture: "Image.Image", mode: str) -> "Image.Image":
    from PIL import ImageCms

    profile = picture.info.get("icc_profile")
    if profile and picture.mode in {"RGB", "RGBA", "CMYK", "L"}:
        target = "RGBA" if picture.mode == "RGBA" else "RGB"
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            picture = ImageCms.profileToProfile(picture, source, srgb, outputMode=target) or picture
        except (ImageCms.PyCMSError, OSError):  # a damaged profile is as good as none
            pass
    picture = picture.convert(mode)
    picture.info.clear()
    return picture


def _widths(picture: "Image.Image") -> Iterator[tuple[int, "Image.Image"]]:
    """Every width that is not wider than the picture, or its own."""
    from PIL import Image

    for width in [width for width in WIDTHS if width <= picture.width] or [picture.width]:
        height = max(1, round(picture.height * width / picture.width))
        yield width, picture.resize((width, height), Image.Resampling.LANCZOS)


def _save(picture: "Image.Image", kind: str, options: dict[str, int]) -> str:
    """Store the rendition under a name that follows from its content; returns the name."""
    content = io.BytesIO()
    picture.save(content, kind.upper(), **options)
    digest = hashlib.sha256(content.getvalue()).hexdigest()[:20]
    name = f"products/{digest}-{picture.width}.{kind}"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content.getvalue()))
    return name


def _finish(image: ProductImage, source: str, **fields: object) -> None:
    """Write the outcome, unless the upload was replaced meanwhile: then its own job does."""
    with transaction.atomic():
        if ProductImage.objects.filter(pk=image.pk, file=source).update(**fields):
            publish([image.product_id])
