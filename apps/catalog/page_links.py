"""The links between the pages of a list as finished HTML; beyond the numbered ones only the neighbours are linked."""

from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from apps.catalog.selectors.lists import ProductList
from apps.core.templatetags.stoa import icon

_SWAP = 'hx-target="#results" hx-push-url="true" hx-swap="outerHTML show:#results:top" hx-indicator="#results"'


def page_links(products: ProductList, path: str) -> SafeString:
    """Nothing for a list of one page."""
    if products.last_page == 1:
        return SafeString("")
    page, current = escape(gettext("Page")), products.filters.page
    links = [_step(path, products.previous, "prev", "chevron-left", gettext("Previous page"))]
    for number, query in products.pages:
        if number == current:
            links.append(f'<span aria-current="page"><span class="sr">{page}</span> {number}</span>')
        elif number:
            links.append(f'<a {_address(path, query)}><span class="sr">{page}</span> {number}</a>')
        else:
            links.append('<span aria-hidden="true">…</span>')
    links.append(_step(path, products.following, "next", "chevron-right", gettext("Next page")))
    label = escape(gettext("Pages"))
    html = "\n  ".join(link for link in links if link)
    return mark_safe(f'<nav class="pagination" aria-label="{label}" {_SWAP}>\n  {html}\n</nav>')  # noqa: S308


def _step(path: str, query: str | None, rel: str, symbol: str, words: str) -> str:
    if query is None:
        return ""
    return f'<a {_address(path, query, rel)}>{icon(symbol)}<span class="sr">{escape(words)}</span></a>'


def _address(path: str, query: str, rel: str = "") -> str:
    address = escape(path + query)
    return f'href="{address}"{f' rel="{rel}"' if rel else ""} hx-get="{address}"'
