"""From templates to the three parts of a mail."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import translation

from .conf import brand_name, option

_LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str
    html: str


def render(template: str, context: Mapping[str, Any], language: str) -> Rendered:
    """Render `<template>.subject.txt`, `<template>.txt` and `<template>.html` in `language`.

    Without the last one, the text is shown as HTML. Raises TemplateDoesNotExist for the other two.
    """
    shared = {
        "brand_name": brand_name(),
        "site_url": option("SITE_URL").rstrip("/"),
        "language": language,
    }
    with translation.override(language):
        values = {**shared, **context}
        # All white space becomes one space: a subject can't start a second header.
        subject = " ".join(_plain(f"{template}.subject.txt", values).split())[:_LONGEST_SUBJECT]
        text = re.sub(r"\n{3,}", "\n\n", _plain(f"{template}.txt", values)).strip() + "\n"
        try:
            page = get_template(f"{template}.html")
        except TemplateDoesNotExist:
            page = get_template("notifications/text_as_html.html")
        html = page.render({**values, "subject": subject, "text": text})
    return Rendered(subject, text, html)


def _plain(name: str, values: dict[str, Any]) -> str:
    """Text is no HTML: nothing in it is escaped."""
    return str(get_template(name).template.render(Context(values, autoescape=False)))  # type: ignore[attr-defined]
