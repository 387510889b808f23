"""What the catalogue has to say on the set-up list."""

from collections.abc import Iterator

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.catalog.selectors import featured_misses
from apps.core.setup_notes import SetupNote
from apps.pages import shop


def featured_notes() -> Iterator[SetupNote]:
    """A product that is chosen for the start page can be renamed or taken off later, so the form can't refuse it."""
    if codes := featured_misses(shop.current().row.featured_codes):
        text = _("The start page is to show products that are not in the shop: {codes}.")
        yield SetupNote(format_lazy(text, codes=", ".join(codes)), url_name="admin:pages_shop_changelist")
