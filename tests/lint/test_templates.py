"""Templates work under the strict CSP, without eval, and speak through gettext."""

import re

import pytest

from tests.lint.sources import name, python_sources, templates

FORBIDDEN = {
    "an inline script": r"<script(?![^>]*\bsrc=)[^>]*>",
    "an inline style element": r"<style\b",
    "a style attribute": r"<[^>]*\sstyle\s*=",
    "an inline handler": r"<[^>]*\son[a-z]+\s*=",
    "hx-on": r"\bhx-on\b",
    "a js: value": r"""hx-(?:vals|headers|vars)\s*=\s*["']\s*(?:js|javascript):""",
    "a trigger filter, which needs eval": r"""hx-trigger\s*=\s*["'][^"']*\w\[""",
    "hx-vars": r"\bhx-vars\b",
    "|safe": r"\|\s*safe\b",
}
# Django's own help text for passwords is an HTML list.
ALLOWED = {"templates/stoa/hints.html": {"|safe"}}
# Mails are not under the CSP, and mail programs know inline styles only.
MAILS = ("/messages/", "/notifications/", "/email/", "/mails/")
LANGUAGE_PAGES = re.compile(r"/pages/(en|de)/")


def code_of(path):
    return re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", path.read_text(), flags=re.S)


def is_mail(path):
    return any(part in f"/{name(path)}" for part in MAILS)


@pytest.mark.parametrize("path", [path for path in templates(".html") if not is_mail(path)], ids=name)
def test_a_template_needs_neither_eval_nor_inline_code(path):
    found = {what for what, pattern in FORBIDDEN.items() if re.search(pattern, code_of(path), re.I)}
    assert found - ALLOWED.get(name(path), set()) == set()


def bare_text(source: str) -> list[str]:
    """Words that a person would read and no translator would see."""
    source = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", source, flags=re.S)
    source = re.sub(r"\{% blocktrans(late)?\b.*?endblocktrans(late)? %\}", "", source, flags=re.S)
    source = re.sub(r"<!--.*?-->|<(script|style)\b.*?</\1>", "", source, flags=re.S)
    source = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", source, flags=re.S)
    attributes = re.findall(r'\b(?:alt|title|placeholder|aria-label)="([^"]*)"', source)
    text = re.sub(r"&[a-z]+;|&#\d+;", " ", re.sub(r"<[^>]*>", " ", source, flags=re.S))
    words = [chunk.strip() for part in [text, *attributes] for chunk in part.splitlines()]
    return [chunk for chunk in words if re.search(r"[^\W\d_]{2,}", chunk)]


def is_written_per_language(path):
    return LANGUAGE_PAGES.search(f"/{name(path)}") is not None


@pytest.mark.parametrize(
    "path", [path for path in templates(".html", ".txt") if not is_written_per_language(path)], ids=name
)
def test_every_word_of_a_template_can_be_translated(path):
    assert bare_text(path.read_text()) == []


def test_the_guard_finds_bare_text():
    assert bare_text('<p>Hello</p>{% translate "Fine" %}<img alt="A cup">') == ["Hello", "A cup"]
    assert bare_text("{% blocktranslate %}Fine{% endblocktranslate %}<b>{{ name }}</b> · 3 ×") == []


def test_only_trusted_modules_mark_html_as_safe():
    allowed = {
        "apps/core/admin_site.py",
        "apps/core/templatetags/stoa.py",
        "apps/core/templatetags/rich_text.py",
        "apps/core/sanitize.py",
        "apps/catalog/bodies.py",
        "apps/catalog/boxes.py",
        "apps/catalog/cards.py",
        "apps/catalog/chips.py",
        "apps/catalog/page_links.py",
        "apps/catalog/templatetags/pictures.py",
    }
    users = {name(path) for path in python_sources("apps") if "mark_safe(" in path.read_text()}
    assert users <= allowed
