"""From the stored description of a picture (`ProductImage.as_spec`) to addresses that a browser can load."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.templatetags.static import static

from apps.catalog.selectors.variants import in_language

MIDDLE = 640


@dataclass(frozen=True, slots=True)
class Picture:
    alt: str
    width: int
    height: int
    src: str
    srcset_avif: str
    srcset_webp: str
    # The smallest and the largest rendition that every browser can show.
    small: str
    large: str


def picture_of(spec: dict[str, Any] | None) -> Picture | None:
    """None for a product without a picture, or one whose renditions are not made yet."""
    sets = _renditions(spec)
    fallback = sets.get("webp") or sets.get("avif")
    if not spec or not fallback:
        return None
    return Picture(
        alt=in_language(spec.get("alt", {})),
        width=spec.get("width") or fallback[-1][0],
        height=spec.get("height") or fallback[-1][0],
        src=next((url for width, url in fallback if width >= MIDDLE), fallback[-1][1]),
        srcset_avif=_srcset(sets.get("avif", [])),
        srcset_webp=_srcset(sets.get("webp", [])),
        small=fallback[0][1],
        large=fallback[-1][1],
    )


def small_picture(spec: dict[str, Any] | None) -> str:
    """The address of the smallest rendition that every browser can show."""
    sets = _renditions(spec)
    renditions = sets.get("webp") or sets.get("avif")
    return renditions[0][1] if renditions else ""


def _renditions(spec: dict[str, Any] | None) -> dict[str, list[tuple[int, str]]]:
    if not spec:
        return {}
    address = _static if spec.get("static") else default_storage.url
    sets = {}
    for kind, renditions in spec.get("renditions", {}).items():
        try:
            sets[kind] = [(int(width), address(name)) for width, name in sorted(renditions)]
        except ValueError:  # a static file that a later release no longer has
            continue
    return sets


def _static(name: str) -> str:
    return _static_address(name, settings.STATIC_URL)


@lru_cache(maxsize=4096)
def _static_address(name: str, base: str) -> str:
    """Kept, because a page with pictures asks for a hundred of them; `base` is what a setting may change."""
    return static(name)


def _srcset(renditions: list[tuple[int, str]]) -> str:
    return ", ".join(f"{url} {width}w" for width, url in renditions)
