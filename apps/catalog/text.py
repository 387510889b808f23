"""Text folded for comparing and for addresses, the same in Python for what is stored and what is typed."""

import hashlib
import re
import unicodedata
from html import unescape

_NEXT_ENTRY = re.compile(r"</li>\s*<li[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_SPACES = re.compile(r"\s+")


def fold(text: str) -> str:
    """Lower case without accents and with single spaces: "Größe  L" becomes "grosse l".

    Drops what no database stores or no person types: NUL, other control characters and lone surrogates.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = (char for char in decomposed if unicodedata.category(char) not in {"Mn", "Cs", "Cn", "Cf"})
    spaced = (" " if unicodedata.category(char) == "Cc" else char for char in kept)
    return _SPACES.sub(" ", "".join(spaced)).strip()


def plain(html: str) -> str:
    """The words of simple HTML."""
    return _TAG.sub(" ", html)


def sentences(html: str) -> str:
    """The words of simple HTML in one line, as plain text: "&amp;" becomes "&", entries of a list stand apart."""
    return " ".join(unescape(plain(_NEXT_ENTRY.sub(" · ", html))).split())


def address_part(text: str) -> str:
    """Letters and digits for an address, at most 60: "Größe" becomes "grosse".

    A text without any Latin letter gets a short hash, the same each time.
    """
    slug = _NOT_SLUG.sub("-", fold(text)).strip("-")[:60].strip("-")
    return slug or "x" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:10]
