"""Pictures of people: whatever is uploaded becomes one small square WebP without metadata."""

import hashlib
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

SIDE = 320
MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP")

_UNREADABLE = _("Upload a JPEG, PNG or WebP picture.")


def encode_avatar(upload: Any, *, user_id: int) -> ContentFile:
    """The uploaded file as a square WebP, named by its content; raises ValidationError with a reason to show.

    The name also depends on the user, so that removing one person's file never takes another's.
    """
    from PIL import Image, ImageOps  # only where one is read: Pillow takes a process 3 MB that shows pages to guests

    if upload.size > MAX_BYTES:
        raise ValidationError(_("The picture is larger than 5 MB."), code="too_large")
    try:
        with Image.open(upload, formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise ValidationError(_("The picture has more than 40 megapixels."), code="too_large")
            square = ImageOps.fit(ImageOps.exif_transpose(picture).convert("RGB"), (SIDE, SIDE))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValidationError(_UNREADABLE, code="invalid_image") from error
    encoded = BytesIO()
    square.save(encoded, "WEBP", quality=82)
    content = encoded.getvalue()
    digest = hashlib.sha256(f"{user_id}:".encode() + content).hexdigest()
    return ContentFile(content, name=f"{digest[:32]}.webp")
