from django.db import transaction

from apps.core.sanitize import sanitize_html
from apps.pages.models import TextPage
from apps.pages.services.journal import pages_changed
from apps.pages.services.moving import addresses_moved


def save_page(*, page: TextPage) -> TextPage:
    """Save a text page, its words cleaned; after a change of its slug the old address leads to the new one."""
    page.body = sanitize_html(page.body)
    for texts in page.translations.values():
        if texts.get("body"):
            texts["body"] = sanitize_html(texts["body"])
    with transaction.atomic():
        old = TextPage.objects.select_for_update().filter(pk=page.pk).first() if page.pk else None
        page.save()
        if old and old.published and old.slug != page.slug:
            addresses_moved({f"/pages/{old.slug}/": f"/pages/{page.slug}/"})
        pages_changed("pages")
    return page


def delete_page(*, page: TextPage) -> None:
    """Delete a text page; a sample text of the same slug is shown again."""
    with transaction.atomic():
        page.delete()
        pages_changed("pages")
