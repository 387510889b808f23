from collections.abc import Iterable

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.core.setup_notes import SetupNote
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
        )
    ]
