"""A state as a coloured word, for the lists and pages of the admin."""

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString


def badge(label: str | Promise, tone: str = "muted") -> SafeString:
    """`tone` is "ok", "info", "warn", "danger" or "muted"; the word alone says it all to those who see no colour."""
    return format_html('<span class="badge badge--{}">{}</span>', tone, label)
