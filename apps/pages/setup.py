from collections.abc import Iterable

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.core.setup_notes import SetupNote
from apps.pages import shop
from apps.pages.texts import TITLES, sample_slugs


def text_notes() -> Iterable[SetupNote]:
    """The legal texts that came with Stoa bind nobody; a shop must write its own."""
    samples = sample_slugs()
    if not samples:
        return [SetupNote(_("The text pages are your own."), done=True)]
    names = ", ".join(str(TITLES[slug]) for slug in samples)
    return [
        SetupNote(
            format_lazy(_("These pages still show sample texts, write your own: {pages}."), pages=names),
            url_name="admin:pages_textpage_changelist",
        )
    ]


def start_page_notes() -> Iterable[SetupNote]:
    """The first words that a visitor reads are the shop's own, not those of the samples."""
    if shop.current().headline:
        return [SetupNote(_("The start page speaks in your words."), done=True)]
    text = _("The start page shows a sample headline: write your own into the shop data.")
    return [SetupNote(text, url_name="admin:pages_shop_changelist")]
