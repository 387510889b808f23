"""The visitor's own part of the header."""

from functools import lru_cache

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import get_language

from apps.orders import selectors


def cart_count(request: HttpRequest) -> str:
    """How many pieces are in the cart. One query for a visitor with a name, none for anyone else."""
    known: int | None = getattr(request, "_stoa_cart_count", None)
    count = selectors.cart_count(request.owner) if known is None else known  # type: ignore[attr-defined]
    return _counted(count, get_language())


def remember_count(request: HttpRequest, count: int) -> None:
    """For a page that has read the cart: its header needs no query of its own."""
    request._stoa_cart_count = count  # type: ignore[attr-defined]


@lru_cache(maxsize=512)
def _counted(count: int, language: str) -> str:
    return render_to_string("partials/cart_count.html", {"count": count})
