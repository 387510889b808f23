"""Slugs from handles and SKUs from whatever the source calls one: the same file always gives the same names."""

import hashlib
import re
import unicodedata

from django.utils.text import slugify

from apps.catalog.models.product import SKU_PATTERN

SLUG_LENGTH = 160
SKU_LENGTH = 64
_SKU = re.compile(SKU_PATTERN)


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def slug_of(text: str, *, longest: int = SLUG_LENGTH) -> str:
    """ASCII slug; a text without a Latin letter, or a very long one, is told apart by a hash of it."""
    slug = slugify(text.replace("ß", "ss"))
    if not slug:
        return f"p-{_mark(text)}"
    return slug if len(slug) <= longest else f"{slug[: longest - 9]}-{_mark(text)}"


class Names:
    """The slugs given out in one file: a second handle with the same slug gets a mark of its own."""

    def __init__(self) -> None:
        self._handles: dict[str, str] = {}

    def slug(self, handle: str, text: str = "") -> str:
        """Made from the handle, or from a text where the handle is no name; the same handle gets the same one."""
        slug = slug_of(text or handle)
        if self._handles.setdefault(slug, handle) == handle:
            return slug
        return f"{slug[: SLUG_LENGTH - 9]}-{_mark(handle)}"


def is_sku(text: str) -> bool:
    return _SKU.fullmatch(text) is not None


def sku_like(text: str) -> str:
    """The nearest allowed SKU to the text; "" if nothing of it can stay."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("-._")[:SKU_LENGTH]


class Skus:
    """Gives each new variant a SKU of its own.

    `claimed` are the well-formed SKUs of the file: the first row that has one keeps it, unless the shop uses it
    already (`held`); everybody else gets a number behind it, and never a name that another row has by right.
    """

    def __init__(self, *, claimed: set[str], held: set[str]) -> None:
        self._claimed = claimed
        self._gone = held
        self._last: dict[str, int] = {}

    def give(self, merchant_sku: str, fallback: str) -> str:
        """A SKU that nobody else has; made from `fallback` where the source has none."""
        if is_sku(merchant_sku) and merchant_sku not in self._gone:
            self._gone.add(merchant_sku)
            return merchant_sku
        wanted = merchant_sku if is_sku(merchant_sku) else sku_like(merchant_sku) or sku_like(fallback) or "item"
        sku = wanted
        while sku in self._gone or sku in self._claimed:
            number = self._last[wanted] = self._last.get(wanted, 1) + 1
            sku = f"{wanted[: SKU_LENGTH - 1 - len(str(number))]}-{number}"
        self._gone.add(sku)
        return sku
