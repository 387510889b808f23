"""The check boxes of a list's filters as finished HTML: there may be hundreds of them on a page."""

from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from apps.catalog.selectors.filter_groups import FacetGroup, FacetValue


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
    return (
        f'<label class="check"><input type="checkbox" id="facet-{option}-{name}" name="{option}" value="{name}"'
        f'{checked}><span>{escape(value.label)}</span><span class="check__n">{value.count}</span></label>'
    )
