"""The visitor's own part of the header."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from apps.orders import selectors


def cart_count(request: HttpRequest) -> str:
    """How many pieces are in the cart. One query for a visitor with a name, none for anyone else."""
    return render_to_string("partials/cart_count.html", {"count": selectors.cart_count(request.owner)})  # type: ignore[attr-defined]
