"""The parts around every page (head, header, footer), rendered once for each language instead of once a page.

What differs from page to page in them is rendered as a token and put in at the end: the words of a search, the
addresses of the page in other languages. The page's own entry in a menu is marked in a rendering of its own.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from html import escape
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from apps.pages import journal
from apps.pages.kept import EVERYTHING

# No text of the shop or of a visitor can hold it.
_TOKEN = f"stoa{secrets.token_hex(8)}"
_WORDS = f"{_TOKEN}words."
_OWN = re.compile(rf"{_TOKEN}([\w-]+)\.")
_LINK = re.compile(r'href="([^"]*)"')
_TAGS = frozenset({"shop", "categories", EVERYTHING})
_LONGEST_QUERY = 200

# A rendering with a path that no menu has, and the addresses that its links lead to. Between two pieces of a rendering
# stands the name of what is the page's own.
_plain: dict[Hashable, tuple[list[str], frozenset[str]]] = {}
_current: dict[Hashable, list[str]] = {}
_number = -1


def framed(name: str, request: HttpRequest, context: Mapping[str, Any], render: Callable[[dict[str, Any]], str]) -> str:
    """The part `name` for this page. `render` gets what stands in for the page's own context."""
    number = journal.at(request)
    _catch_up(number)
    links: list[dict[str, Any]] = context.get("language_links") or []
    key = (name, get_language(), settings.SHOP_NAME, *settings.PAYMENT_METHODS)
    kept = _plain.get(key)
    if kept is None:
        html = render(_stand_in("", links))
        kept = _OWN.split(html), frozenset(_LINK.findall(html))
        if number == _number:  # else something has changed since it was read
            _plain[key] = kept
    pieces, addresses = kept
    if request.path in addresses:
        here = (*key, request.path)
        own = _current.get(here)
        if own is None:
            own = _OWN.split(render(_stand_in(request.path, links)))
            if number == _number:
                _current[here] = own
        pieces = own
    return pieces[0] if len(pieces) == 1 else _with_own(pieces, request, links)


def forget() -> None:
    global _number
    _plain.clear()
    _current.clear()
    _number = -1


def _catch_up(number: int) -> None:
    global _number
    if number < _number:
        # A request that began before another one's change, or else another database.
        number = journal.now()
    if number == _number:
        return
    tags = journal.changes(_number, number) if _number >= 0 else None
    if tags is None or _TAGS.intersection(tags):
        forget()
    _number = number


def _stand_in(path: str, links: list[dict[str, Any]]) -> dict[str, Any]:
    page = SimpleNamespace(path=path, GET={"q": _WORDS}, method="GET")
    return {"request": page, "language_links": [{**link, "url": f"{_TOKEN}{link['code']}."} for link in links]}


def _with_own(pieces: list[str], request: HttpRequest, links: list[dict[str, Any]]) -> str:
    texts = {link["code"]: escape(link["url"]) for link in links}
    texts["words"] = escape(request.GET.get("q", "")[:_LONGEST_QUERY])
    return "".join(texts.get(piece, "") if at % 2 else piece for at, piece in enumerate(pieces))
