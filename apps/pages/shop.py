"""The shop's own data as pages, mails and invoices show them: read once a process, and again when they change."""

from dataclasses import dataclass, field
from functools import lru_cache
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, override

from apps.pages import journal
from apps.pages.models import MenuLink, Shop

RECENT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class MenuEntry:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ShopData:
    """The row (not to be changed: all requests share it), with its texts in the visitor's language."""

    row: Shop
    links: tuple[MenuLink, ...] = ()
    _menus: dict[tuple[str, str], list[MenuEntry]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def tagline(self) -> str:
        return str(self.row.localized("tagline"))

    @property
    def announcement(self) -> str:
        return str(self.row.localized("announcement"))

    @property
    def eyebrow(self) -> str:
        return str(self.row.localized("eyebrow"))

    @property
    def headline(self) -> str:
        return str(self.row.localized("headline"))

    @property
    def intro(self) -> str:
        return str(self.row.localized("intro"))

    @property
    def logo_url(self) -> str:
        return default_storage.url(self.row.logo) if self.row.logo else ""

    @property
    def header_links(self) -> list[MenuEntry]:
        return self._menu(MenuLink.Place.HEADER)

    @property
    def footer_links(self) -> list[MenuEntry]:
        return self._menu(MenuLink.Place.FOOTER)

    def _menu(self, place: str) -> list[MenuEntry]:
        language = get_language() or settings.LANGUAGE_CODE
        if (place, language) not in self._menus:
            self._menus[place, language] = [
                MenuEntry(str(link.localized("label", language)), address(link.target, language))
                for link in self.links
                if link.place == place
            ]
        return self._menus[place, language]


def address(target: str, language: str) -> str:
    """A path of the shop in this language; any other address as it is."""
    if not target.startswith("/"):
        return target
    with override(settings.LANGUAGE_CODE):
        return translate_url(target, language)


@dataclass(frozen=True, slots=True)
class Kept:
    """What this process has read, the stamp that it had then, and when that was last compared."""

    stamp: str | None = None
    data: ShopData | None = None
    checked: float = 0.0


def current(request: HttpRequest | None = None) -> ShopData:
    """The data as they are now; with a request, by the statement that all parts of its page share."""
    return _as_of(journal.clock(request).shop) or _first()


def recent() -> ShopData:
    """The data as they were a minute ago or later, by no statement as a rule: for mails and the admin's heading."""
    if monotonic() - _kept.checked > RECENT_SECONDS:
        return current()
    return _kept.data or _first()


def is_stored(request: HttpRequest | None = None) -> bool:
    """Whether somebody has saved them; until then the environment says them."""
    return _as_of(journal.clock(request).shop) is not None


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Context of every page, read when a template gets to it."""
    return {
        "shop": SimpleLazyObject(lambda: current(request)),
        "shop_name": SimpleLazyObject(lambda: current(request).name),
        "announcement": SimpleLazyObject(lambda: current(request).announcement),
    }


def forget() -> None:
    """Read them again at the next use."""
    keep(Kept())


def keep(kept: Kept) -> None:
    global _kept
    _kept = kept


def _as_of(stamp: str | None) -> ShopData | None:
    kept = _kept
    data = kept.data if kept.stamp == stamp else _read()
    keep(Kept(stamp, data, monotonic()))
    return data


def _first() -> ShopData:
    """What the environment says, for a shop that nobody has saved yet."""
    return _first_values(settings.SHOP_NAME, *settings.SHOP_LEGAL_ADDRESS, settings.SHOP_VAT_ID)


@lru_cache(maxsize=4)
def _first_values(*said: str) -> ShopData:
    return ShopData(Shop.from_settings())


def _read() -> ShopData | None:
    row = Shop.objects.prefetch_related("links").first()
    return ShopData(row, tuple(row.links.all())) if row else None


_kept = Kept()
