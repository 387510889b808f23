"""What a product's page shows of the product itself, finished: made once after a change, put into the page when asked.

Around it a page has what changes without the product: head, menus, the way to it, products that go well with it.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import zstandard
from django.conf import settings
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from apps.catalog.pictures import Picture, picture_of
from apps.catalog.selectors.product import ProductPage
from apps.catalog.structured import product_data
from apps.core.templatetags.stoa import json_ld

_ARTICLE = "catalog/product_detail.html#product"
# A page is made of these; whatever else changes with a release changes one of them as well.
_SOURCES = frozenset({".py", ".html", ".mo"})
_HTML = ("structured", "article")
_BETWEEN = "\x00"  # JSON never holds it; where the last part does, it stays
_NOT_SHOWN = frozenset({"tests", "migrations", "admin", "management"})


@dataclass(frozen=True, slots=True)
class Body:
    """A product in one language. `article` is finished HTML with markers where a placeholder belongs, `structured` what
    is said to search engines; `sku` is that of the variant it shows, `companions` are the ids of what is bought with
    it."""

    product_id: int
    slug: str
    name: str
    title: str
    description: str
    sku: str
    image: str
    pictured: bool
    is_hidden: bool
    companions: list[int]
    structured: SafeString
    article: SafeString

    def packed(self) -> bytes:
        """The HTML stands beside the rest: as a text of JSON it would take as long to read as all else together."""
        told = {name: getattr(self, name) for name in self.__slots__ if name not in _HTML}
        return zstandard.compress(_BETWEEN.join([json.dumps(told), *(getattr(self, name) for name in _HTML)]).encode())

    @classmethod
    def unpacked(cls, content: bytes) -> Self:
        told, *html = zstandard.decompress(content).decode().split(_BETWEEN, len(_HTML))
        values: dict[str, Any] = json.loads(told)
        return cls(**values | dict(zip(_HTML, map(SafeString, html), strict=True)))


def body_of(page: ProductPage, *, chosen: bool = False) -> Body:
    """In the language of this thread. `chosen`: the address names the variant."""
    product, context = page.product, article_context(page)
    data = product_data(page, context["pictures"], chosen=chosen)
    return Body(
        product_id=product.pk,
        slug=product.slug,
        name=str(product.display_title),
        title=str(product.seo_title or product.display_title),
        description=next(filter(None, map(product.localized, ("seo_description", "subtitle", "title")))),
        sku=page.selected.sku if page.selected else "",
        image=next(iter(data.get("image", [])), ""),
        pictured=bool(context["pictures"]),
        is_hidden=not product.is_visible,
        companions=[int(pk) for pk in product.companions],
        structured=json_ld(data),
        article=SafeString(get_template(_ARTICLE).render(context)),
    )


def article_context(page: ProductPage) -> dict[str, Any]:
    """What the part of the page needs that htmx swaps when another variant is chosen."""
    product = page.product
    pictures: list[Picture] = [picture for spec in page.pictures if (picture := picture_of(spec))]
    return {
        "page": page,
        "product": product,
        "product_url": product.get_absolute_url(),
        "pictures": pictures,
        "selected": page.selected,
        "description": product.localized("description"),
        "safety_notes": product.localized("safety_notes"),
        "prices_include_tax": settings.PRICES_INCLUDE_TAX,
        "preview": not product.is_visible,  # only staff get here then
    }


def body_version() -> str:
    """Names the form in which bodies are made now: another release or setting makes another one."""
    return _version(
        str(settings.BASE_DIR),
        str(settings.STATIC_ROOT),
        settings.SITE_URL,
        settings.STATIC_URL,
        settings.MEDIA_URL,
        settings.SHOP_CURRENCY,
        settings.PRICES_INCLUDE_TAX,
        settings.LANGUAGE_CODE,
    )


@lru_cache(maxsize=8)
def _version(base: str, static_root: str, *said: Any) -> str:
    state = hashlib.sha256(json.dumps(said).encode())
    for path in _sources(Path(base)):
        state.update(path.read_bytes())
    manifest = Path(static_root) / "staticfiles.json"
    if manifest.exists():
        state.update(manifest.read_bytes())
    return state.hexdigest()[:16]


def _sources(base: Path) -> Iterator[Path]:
    libraries = base / "requirements.txt"
    if libraries.exists():
        yield libraries
    for folder in (base / "apps", base / "templates"):
        for path in sorted(folder.rglob("*")):
            if path.suffix in _SOURCES and _NOT_SHOWN.isdisjoint(path.parts):
                yield path


def body_language() -> str:
    return get_language() or settings.LANGUAGE_CODE
