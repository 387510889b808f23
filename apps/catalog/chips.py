"""The chips above a list as finished HTML: the categories to go on to, and the choices that can be taken off."""

from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from apps.catalog.selectors.lists import ProductList
from apps.core.templatetags.stoa import icon

# The name of a category, its address, and whether it is the one that is shown.
Chip = tuple[str, str, bool]


def category_chips(chips: Iterable[Chip]) -> SafeString:
    """Nothing without chips."""
    html = "".join(_category(*chip) for chip in chips)
    label = escape(gettext("Narrow by category"))
    nav = f'<nav aria-label="{label}"><ul class="chips" role="list">{html}</ul></nav>' if html else ""
    return mark_safe(nav)  # noqa: S308 - every text in it is escaped


def chosen_chips(products: ProductList, path: str) -> SafeString:
    """Nothing where nothing is chosen."""
    filters = products.filters
    if not filters.n_chosen:
        return SafeString("")
    chosen = [(value.label, value.query_without) for value in products.chosen] + filters.limits()
    words = escape(gettext("remove filter"))
    remove = f'{icon("x")}<span class="sr">{words}</span>'
    chips = [_chosen(f"{escape(label)} {remove}", path + query, " chip--remove") for label, query in chosen]
    chips.append(_chosen(escape(gettext("Clear all")), path + filters.without_filters().query()))
    html = "".join(chips)
    return mark_safe(f'<ul class="chips" role="list" hx-target="#results" hx-swap="outerHTML">{html}</ul>')  # noqa: S308


def _category(name: str, url: str, current: bool) -> str:
    mark = ' aria-current="true"' if current else ""
    return f'<li><a class="chip" href="{escape(url)}"{mark}>{escape(name)}</a></li>'


def _chosen(html: str, address: str, look: str = "") -> str:
    address = escape(address)
    return f'<li><a class="chip{look}" href="{address}" hx-get="{address}">{html}</a></li>'
