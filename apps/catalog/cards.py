"""The card of a product in lists, as finished HTML: made once when the product changes, joined when it is shown.

A card holds no address that a deploy or a setting may change. Where one belongs it holds a mark, between two signs that
are dropped from every text: `<s:…>` around names of static files, `<m>` before the name of an upload, `<i:…>` for an
icon. `joined` puts the addresses in.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape, unescape
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.templatetags.static import static
from django.utils.encoding import filepath_to_uri
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, override, pgettext

from apps.catalog.models import Listing
from apps.catalog.models.product import product_address
from apps.core.money import shop_money
from apps.core.templatetags.stoa import icon

# Count it up with every change of what `_card` writes; the release makes the cards of the old form again.
CARD_VERSION = 3
SIZES = "(width < 36rem) 46vw, (width < 70rem) 30vw, 300px"
MIDDLE = 640
_SIGN = "\x1a"  # ASCII's SUBSTITUTE; a page is taken apart at single characters four times as fast as at `<s:`
_UPLOAD, _NO_PICTURE = "<m>", "<i:box>"
_LAZY = ' loading="lazy" decoding="async"'


def cards_of(listing: Listing) -> dict[str, str]:
    """The card in every language of the shop."""
    return {language: _card(listing, language) for language, _ in settings.LANGUAGES}


def joined(cards: Iterable[str], *, eager: bool = False) -> SafeString:
    """Cards one after the other, with the addresses of their pictures. `eager`: the first is in view at once."""
    cards = list(cards)
    if eager and cards:
        cards[0] = cards[0].replace(_LAZY, "")
    pieces = "".join(cards).split(_SIGN)
    marks = pieces[1::2]
    known = {_UPLOAD: default_storage.url("x")[:-1]} if _UPLOAD in marks else {}
    base = settings.STATIC_URL
    pieces[1::2] = [known.get(mark) or _addresses(mark, base) for mark in marks]
    return mark_safe("".join(pieces))  # noqa: S308 - every text in it was escaped when it was made


def first_picture(cards: str) -> str:
    """The address of the first picture among joined cards; empty without any."""
    address = cards.partition('<img src="')[2].partition('"')[0]
    return unescape(address) if "&" in address else address


def card_version() -> str:
    """Names the form in which cards are made now: code, languages, words, currency and addresses count."""
    languages = tuple(code for code, _ in settings.LANGUAGES)
    return _version(languages, settings.LANGUAGE_CODE, settings.SHOP_CURRENCY)


@lru_cache(maxsize=8)
def _version(languages: tuple[str, ...], first: str, currency: str) -> str:
    words = [(code, _words(code), _price(123456, code), _address("a-slug", code)) for code in languages]
    made_of = json.dumps([CARD_VERSION, first, currency, words], sort_keys=True)
    return hashlib.sha256(made_of.encode()).hexdigest()[:12]


@lru_cache(maxsize=16)
def _words(language: str) -> Mapping[str, str]:
    with override(language):
        return {
            "on request": escape(gettext("On request")),
            "sold out": escape(gettext("Sold out")),
            "sale": escape(gettext("Sale")),
            "from": escape(pgettext("price", "from")),
            "now": escape(pgettext("price", "Now")),
            "was": escape(pgettext("price", "Was")),
        }


def _address(slug: str, language: str) -> str:
    with override(language):
        return product_address(slug)


def _price(amount: int, language: str) -> str:
    with override(language):
        return escape(str(shop_money(amount)))


def _card(listing: Listing, language: str) -> str:
    words = _words(language)
    state = "" if listing.available else " card--soldout"
    address = _address(listing.slug, language)
    title, subtitle = (_text(listing.localized(field, language)) for field in ("title", "subtitle"))
    return (
        f'<li class="card{state}" data-testid="product-card"><div class="card__pic">{_picture(listing.cover)}'
        f'{_badge(listing, words)}</div><h3 class="card__title"><a href="{address}">{title}</a></h3>'
        f'<p class="card__meta"><span class="card__sub">{subtitle}</span>{_prices(listing, language)}</p></li>'
    )


def _text(value: object) -> str:
    return escape(str(value).replace(_SIGN, ""))


def _mark(mark: str) -> str:
    return f"{_SIGN}{mark}{_SIGN}"


def _badge(listing: Listing, words: Mapping[str, str]) -> str:
    if listing.price_min is None:
        return f'<span class="badge">{words["on request"]}</span>'
    if not listing.available:
        return f'<span class="badge badge--soldout" data-testid="sold-out">{words["sold out"]}</span>'
    if listing.percent_off:
        return f'<span class="badge badge--sale">−{listing.percent_off} %</span>'
    return f'<span class="badge badge--sale">{words["sale"]}</span>' if listing.on_sale else ""


def _prices(listing: Listing, language: str) -> str:
    if listing.price_min is None:
        return ""
    words = _words(language)
    price = _price(listing.price_min, language)
    since = f'<span class="price__from">{words["from"]}</span> ' if listing.price_varies else ""
    if not listing.price_before:
        return f'<span class="price" data-testid="price">{since}{price}</span>'
    return (
        f'<span class="price price--sale" data-testid="price">{since}<span class="sr">{words["now"]}</span> '
        f'<ins>{price}</ins> <span class="sr">{words["was"]}</span> '
        f"<del>{_price(listing.price_before, language)}</del></span>"
    )


def _picture(spec: Mapping[str, Any]) -> str:
    """The picture beside its title, and so without words of its own."""
    kinds = {kind: sorted(renditions) for kind, renditions in spec.get("renditions", {}).items() if renditions}
    fallback = kinds.get("webp") or kinds.get("avif")
    if not fallback:
        return f'<span class="picture__empty">{_mark(_NO_PICTURE)}</span>'
    is_static = bool(spec.get("static"))
    sources = "".join(
        f'<source type="image/{kind}" srcset="{_srcset(kinds[kind], is_static=is_static)}" sizes="{SIZES}">'
        for kind in ("avif", "webp")
        if kind in kinds
    )
    name = next((name for width, name in fallback if width >= MIDDLE), fallback[-1][1])
    width, height = (spec.get(side) or fallback[-1][0] for side in ("width", "height"))
    src = _mark(f"<s:{_text(name)}>") if is_static else _upload(name)
    return f'<picture>{sources}<img src="{src}" width="{width}" height="{height}" alt=""{_LAZY}></picture>'


def _srcset(renditions: Iterable[tuple[int, str]], *, is_static: bool) -> str:
    if is_static:
        # One mark around all of them, so that a page has few to fill.
        return _mark(f"<s:{', '.join(f'{_text(name)} {width}w' for width, name in renditions)}>")
    return ", ".join(f"{_upload(name)} {width}w" for width, name in renditions)


def _upload(name: str) -> str:
    return _mark(_UPLOAD) + escape(filepath_to_uri(name))


@lru_cache(maxsize=4096)
def _addresses(mark: str, base: str) -> str:
    """Names of static files, each perhaps with a width behind it, as addresses; or the icon."""
    if mark == _NO_PICTURE:
        return icon("box")
    found = []
    for entry in mark.removeprefix("<s:").removesuffix(">").split(", "):
        name, space, width = entry.partition(" ")
        try:
            address = static(name)
        except ValueError:  # a file that a later release no longer has
            address = base + name
        found.append(address + space + width)
    return ", ".join(found)
