from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language


class Translated(models.Model):
    """Texts in the shop's first language in columns, those of other languages beside them in one JSON column.

    One column, not a table: a page in another language costs no further query.
    """

    translations = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        abstract = True

    def localized(self, field: str, language: str | None = None) -> Any:
        """The field in the language (default: the visitor's), or in the first language where it is missing."""
        return translated(self.translations, field, getattr(self, field), language)


def translated(translations: dict[str, Any], field: str, first: Any, language: str | None = None) -> Any:
    """The same for a row that is not loaded as a model; `first` is the text in the shop's first language."""
    language = language or get_language() or settings.LANGUAGE_CODE
    return translations.get(language, {}).get(field) or first


def all_languages(row: Any, field: str) -> dict[str, str]:
    """A text of a translated row in all its languages; "" is the shop's first one."""
    others = {language: texts[field] for language, texts in row.translations.items() if texts.get(field)}
    return {"": getattr(row, field), **others}
