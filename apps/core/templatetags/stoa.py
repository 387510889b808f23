import json
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from apps.core import money as money_module
from apps.core.markers import marker

register = template.Library()


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """A decorative symbol of our sprite; the text beside it says what it means."""
    return _icon(name, css_class, settings.STATIC_URL)


@lru_cache(maxsize=512)
def _icon(name: str, css_class: str, base: str) -> SafeString:
    """Kept, because a page has dozens; `base` is what a setting may change of the sprite's address."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f" {css_class}" if css_class else "",
        static("img/icons.svg"),
        name,
    )


# What would end the element or begin another inside it, as JSON spells it otherwise.
_IN_A_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@register.simple_tag
def json_ld(data: dict[str, Any] | None) -> SafeString:
    """Data for search engines; a browser runs nothing of this type."""
    text = _json(data) if data else ""
    for sign, spelt in _IN_A_SCRIPT.items():
        text = text.replace(sign, spelt)
    return mark_safe(f'<script type="application/ld+json">{text}</script>' if text else "")  # noqa: S308 - escaped


@register.simple_tag
def placeholder(name: str) -> SafeString:
    """A marker that the server replaces for each visitor (apps.core.placeholders)."""
    return mark_safe(marker(name))  # noqa: S308 - the name is a literal of a template


@register.filter
def breadcrumbs(crumbs: Iterable[tuple[str, str]]) -> SafeString:
    """The way to a page, as names and addresses; the last one is the page itself and has none."""
    *way, (last, _) = crumbs
    items = "".join(f'<li><a href="{escape(url)}">{escape(name)}</a></li>' for name, url in way)
    items += f'<li><span aria-current="page">{escape(last)}</span></li>'
    label = escape(gettext("You are here"))
    return mark_safe(f'<nav class="breadcrumbs" aria-label="{label}"><ol role="list">{items}</ol></nav>')  # noqa: S308


@register.filter
def money(amount: int | money_module.Money | None, currency: str = "") -> str:
    """A price in the visitor's language; an integer is minor units of `currency`, or of the shop's."""
    if amount is None:
        return ""
    if isinstance(amount, money_module.Money):
        return str(amount)
    return str(money_module.Money(amount, currency) if currency else money_module.shop_money(amount))
