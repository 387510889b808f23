from django import template
from django.utils.safestring import SafeString, mark_safe

from apps.core.sanitize import sanitize_html

register = template.Library()


@register.filter
def rich_text(html: str) -> SafeString:
    """Simple HTML, cleaned once more where it is shown: a row may have come by another way."""
    return mark_safe(sanitize_html(html))  # noqa: S308 - just sanitised
