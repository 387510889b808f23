from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.catalog import pictures

register = template.Library()


@register.inclusion_tag("partials/picture.html")
def picture(
    spec: dict[str, Any] | pictures.Picture | None,
    sizes: str = "",
    loading: str = "lazy",
    *,
    priority: bool = False,
    decorative: bool = False,
) -> dict[str, Any]:
    """A responsive picture; `decorative` where its name stands beside it."""
    image = spec if isinstance(spec, pictures.Picture) else pictures.picture_of(spec)
    return {
        "image": image,
        "avif": bool(image and image.srcset_avif),
        "webp": bool(image and image.srcset_webp),
        "alt": image.alt if image and not decorative else "",
        "sizes": sizes,
        "eager": loading == "eager",
        "priority": priority,
    }


@register.simple_tag
def small_picture(spec: dict[str, Any] | None, alt: str = "") -> SafeString | str:
    """The smallest rendition as a plain image; nothing without one."""
    address = pictures.small_picture(spec)
    return _small_picture(address, alt) if address else ""


@lru_cache(maxsize=1024)
def _small_picture(address: str, alt: str) -> SafeString:
    return format_html('<img src="{}" width="96" height="120" alt="{}" loading="lazy" decoding="async">', address, alt)
