"""A picture read, turned upright and into sRGB, made smaller and stored; loaded only where a picture is."""

import hashlib
import io
from collections.abc import Iterator

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageCms, ImageOps

from apps.catalog.models import ProductImage
from apps.catalog.services.picture_limits import PIXEL_LIMIT, READABLE, WIDTHS, UnreadablePicture


def opened(image: ProductImage) -> Image.Image:
    """The picture upright, in sRGB, without anything else that the file said. Raises UnreadablePicture."""
    try:
        with image.file.open("rb") as file:
            content = io.BytesIO(file.read())
    except FileNotFoundError as error:
        raise UnreadablePicture from error
    try:
        picture: Image.Image = Image.open(content, formats=READABLE)
        if picture.width * picture.height > PIXEL_LIMIT:
            raise UnreadablePicture
        picture.draft(None, (2 * WIDTHS[-1], 2 * WIDTHS[-1]))
        picture = ImageOps.exif_transpose(picture)
        alpha = "A" in picture.getbands() or "transparency" in picture.info
        return _in_srgb(picture, "RGBA" if alpha else "RGB")
    # Pillow reports damage with whatever its decoders raise.
    except (OSError, ValueError, SyntaxError, IndexError, Image.DecompressionBombError) as error:
        raise UnreadablePicture from error


def _in_srgb(picture: Image.Image, mode: str) -> Image.Image:
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


def in_widths(picture: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    """Every width that is not wider than the picture, or its own."""
    for width in [width for width in WIDTHS if width <= picture.width] or [picture.width]:
        height = max(1, round(picture.height * width / picture.width))
        yield width, picture.resize((width, height), Image.Resampling.LANCZOS)


def saved(picture: Image.Image, kind: str, options: dict[str, int]) -> str:
    """Store the rendition under a name that follows from its content; returns the name."""
    content = io.BytesIO()
    picture.save(content, kind.upper(), **options)
    digest = hashlib.sha256(content.getvalue()).hexdigest()[:20]
    name = f"products/{digest}-{picture.width}.{kind}"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content.getvalue()))
    return name
