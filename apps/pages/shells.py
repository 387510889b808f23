"""What is around every page (head, header, footer), rendered once for all pages of a template instead of once a page.

A shell is rendered without anything of a page or of a visitor: something stands in for the words of a search, the
addresses in other languages and the blocks that each page fills, and is cut out again. Every link of a menu is rendered
as the one to the page itself, and left so on that page alone.
"""

import re
import secrets
import threading
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from html import escape, unescape
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.http import HttpRequest

from apps.core import context as page_context
from apps.pages import journal
from apps.pages.kept import EVERYTHING

# No text of the shop or of a visitor can hold it.
_TOKEN = f"stoa{secrets.token_hex(8)}"
_GAP = re.compile(rf"{_TOKEN}(.*?){_TOKEN}")
_WORDS, _MARK, _CANONICAL = "?words", "@", "="
_HERE = ' aria-current="page"'
_MARKED = re.compile(rf'(href="([^"]*)"){_HERE}')
_LONGEST_QUERY = 200
_TAGS = frozenset({"shop", "categories", EVERYTHING})

_shells: dict[Hashable, "Shell"] = {}
_number = -1
# Held while shells are kept or dropped, or one that was read before a change could come in just behind it, and stay.
_lock = threading.Lock()


class Shell(NamedTuple):
    """Pieces of HTML, where among them what of the page belongs, and where a page of each address is marked."""

    pieces: list[str]
    gaps: list[tuple[int, str]]
    names: set[str]
    marks: dict[str, list[int]]


class _Everywhere:
    """The path of a page that every link leads to."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


def gap(name: str) -> str:
    """What stands in for a part of the page."""
    return f"{_TOKEN}{name}{_TOKEN}"


def shell(key: Hashable, request: HttpRequest, render: Callable[[dict[str, Any]], str]) -> Shell:
    """The shell named by `key`. `render` gets the context to render it in, which is the same for every page."""
    number = journal.at(request)
    _catch_up(number)
    kept = _shells.get(key)
    if kept is None:
        kept = _cut(render(_stand_in(request)))
        _keep(key, kept, number)
    return kept


def _keep(key: Hashable, made: Shell, number: int) -> None:
    with _lock:
        if number == _number:  # else something has changed since it was read
            _shells[key] = made


def filled(shell: Shell, request: HttpRequest, links: list[dict[str, Any]], own: Mapping[str, str]) -> str:
    """A page: its shell with its `own` parts, and the addresses of its `links` in other languages."""
    texts = {link["code"]: escape(link["url"]) for link in links}
    texts.update((_CANONICAL + link["code"], escape(link["canonical"])) for link in links)
    texts[_WORDS] = escape(request.GET.get("q", "")[:_LONGEST_QUERY])
    texts.update(own)
    pieces = shell.pieces.copy()
    for at, name in shell.gaps:
        pieces[at] = texts[name]
    for at in shell.marks.get(request.path, ()):
        pieces[at] = _HERE
    return "".join(pieces)


def forget() -> None:
    global _number
    with _lock:
        _shells.clear()
        _number = -1


def _catch_up(number: int) -> None:
    global _number
    before = _number
    if number < before:
        # A request that began before another one's change, or else another database.
        number = journal.now()
    if number == before:
        return
    tags = journal.changes(before, number) if before >= 0 else None
    with _lock:
        if is_ours := _number == before:
            if tags is None or _TAGS.intersection(tags):
                _shells.clear()
            _number = number
    if not is_ours:  # another thread was quicker, perhaps with an older number
        _catch_up(number)


def _stand_in(request: HttpRequest) -> dict[str, Any]:
    context = page_context.shop(request)
    del context["canonical_url"]
    links = [
        {**link, "url": gap(link["code"]), "canonical": gap(_CANONICAL + link["code"])}
        for link in context["language_links"]
    ]
    page = SimpleNamespace(path=_Everywhere(), GET={"q": gap(_WORDS)}, method="GET")
    return {**context, "request": page, "language_links": links}


def _cut(html: str) -> Shell:
    pieces = _GAP.split(_MARKED.sub(lambda link: link[1] + gap(_MARK + link[2]), html))
    gaps, marks = [], defaultdict(list)
    for at in range(1, len(pieces), 2):
        name, pieces[at] = pieces[at], ""
        if name.startswith(_MARK):
            marks[unescape(name.removeprefix(_MARK))].append(at)
        else:
            gaps.append((at, name))
    return Shell(pieces, gaps, {name for _, name in gaps}, dict(marks))
