"""A logo as the shop shows it: a small raster picture without anything else that the file said."""

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError

if TYPE_CHECKING:
    from PIL import Image

# Shown at half of it, so that it is sharp on a fine screen.
LARGEST = (480, 112)
LARGEST_FILE = 5 * 1024 * 1024
PIXEL_LIMIT = 25_000_000
READABLE = ("JPEG", "PNG", "WEBP", "GIF")


class UnreadableLogo(DomainError):
    message = _("The logo can't be read. Choose a PNG, JPEG, WebP or GIF picture of at most 5 MB.")


@dataclass(frozen=True, slots=True)
class Logo:
    content: bytes
    width: int
    height: int

    @property
    def name(self) -> str:
        """Its place in the storage; the hash of the content says that it never changes."""
        return f"shop/{hashlib.sha256(self.content).hexdigest()[:20]}-{self.width}.webp"


def read_logo(file: BinaryIO) -> Logo:
    """An upload as a small WebP. Raises UnreadableLogo for what is no picture, or too large a one."""
    from PIL import Image

    file.seek(0)
    picture = _open(file.read(LARGEST_FILE + 1))
    picture.thumbnail(LARGEST, Image.Resampling.LANCZOS)
    content = io.BytesIO()
    picture.save(content, "WEBP", lossless=True)
    return Logo(content.getvalue(), picture.width, picture.height)


def _open(content: bytes) -> "Image.Image":
    from PIL import Image, ImageOps  # only where one is read: Pillow takes a process 3 MB that shows pages to guests

    if len(content) > LARGEST_FILE:
        raise UnreadableLogo
    try:
        picture: Image.Image = Image.open(io.BytesIO(content), formats=READABLE)
        if picture.width * picture.height > PIXEL_LIMIT:
            raise UnreadableLogo
        picture = ImageOps.exif_transpose(picture).convert("RGBA")
    # Pillow reports damage with whatever its decoders raise.
    except (OSError, ValueError, SyntaxError, IndexError, Image.DecompressionBombError) as error:
        raise UnreadableLogo from error
    picture.info.clear()
    return picture
