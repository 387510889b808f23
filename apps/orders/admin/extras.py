"""What other apps add to the page of an order in the admin: payments their attempts, shipping its parcel."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from apps.orders.models import Order


@dataclass(frozen=True, slots=True)
class OrderExtra:
    """`place` is "side" for a box beside the order, "buttons" for its row of buttons."""

    template: str
    context: Callable[[HttpRequest, Order], dict[str, Any]]
    permission: str
    place: str = "side"


_extras: list[OrderExtra] = []


def register(extra: OrderExtra) -> None:
    _extras.append(extra)


def extras_for(request: HttpRequest, order: Order) -> dict[str, list[SafeString]]:
    """Rendered parts by place, without those that this member of staff may not see."""
    found: dict[str, list[SafeString]] = {"side": [], "buttons": []}
    for extra in _extras:
        if request.user.has_perm(extra.permission):
            html = render_to_string(extra.template, {**extra.context(request, order), "order": order}, request)
            found[extra.place].append(html)
    return found
