"""The check boxes of a list's filters as finished HTML: there may be hundreds of them on a page."""

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext

from apps.catalog.filters import RELEVANCE, SORTS, ListFilters
from apps.catalog.selectors.filter_groups import FacetGroup, FacetValue, kept_groups
from apps.catalog.selectors.lists import ProductList


def boxes_of(products: ProductList) -> SafeString:
    """The boxes of a list: of one without choices as they were made the last time, if its branch has not changed."""
    filters = products.filters
    if products.choices:
        return boxes(products.facets)
    return _kept_boxes(products.shown, filters.available, filters.on_sale, get_language())


@lru_cache(maxsize=256)
def _kept_boxes(shown: str, available: bool, on_sale: bool, language: str) -> SafeString:
    return boxes(kept_groups(ListFilters(available=available, on_sale=on_sale), shown))


def sort_options(filters: ListFilters) -> SafeString:
    return _options(filters.order, bool(filters.q), get_language())


@lru_cache(maxsize=64)
def _options(order: str, is_search: bool, language: str) -> SafeString:
    """Only a search can be sorted by how well it matches."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (key, mark_safe(" selected") if key == order else "", label)
            for key, label in SORTS.items()
            if is_search or key != RELEVANCE
        ),
    )


def boxes(groups: Iterable[FacetGroup]) -> SafeString:
    """A fieldset for each option, with a box for each value."""
    return mark_safe("".join(_group(group) for group in groups))  # noqa: S308 - every text is escaped below


def _group(group: FacetGroup) -> str:
    option = escape(group.option)
    first = "".join(_box(option, value) for value in group.first)
    legend = f'<legend class="facet__name">{escape(group.label)}</legend>'
    return f'<fieldset class="facet">{legend}\n    {first}{_more(option, group.more)}</fieldset>'


def _more(option: str, values: list[FacetValue]) -> str:
    if not values:
        return ""
    n = len(values)
    words = escape(ngettext("%(n)s more", "%(n)s more", n) % {"n": n})
    is_open = " open" if any(value.chosen for value in values) else ""
    rest = "".join(_box(option, value) for value in values)
    return f'<details class="facet__more"{is_open}><summary class="link-btn">{words}</summary>{rest}</details>'


def _box(option: str, value: FacetValue) -> str:
    name = escape(value.value)
    checked = " checked" if value.chosen else ""
    none = "" if value.count or value.chosen else " check--none"
    return (
        f'<label class="check{none}"><input type="checkbox" id="facet-{option}-{name}" name="{option}" value="{name}"'
        f'{checked}><span>{escape(value.label)}</span><span class="check__n">{value.count}</span></label>'
    )
