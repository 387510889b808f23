from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce, NullIf
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


def localized_text(field: str, through: str = "") -> Combinable:
    """The field in the visitor's language for `annotate`, where the other translations would be read for nothing.

    `through` is the way to the translated row, such as "variant__product__".
    """
    language = get_language() or settings.LANGUAGE_CODE
    if language == settings.LANGUAGE_CODE:
        return F(f"{through}{field}")
    text = KeyTextTransform(field, KeyTransform(language, f"{through}translations"))
    return Coalesce(NullIf(text, Value("")), F(f"{through}{field}"), output_field=TextField())


def text_contains(field: str, term: str, through: str = "") -> models.Q:
    """Rows with the term in the field, in the shop's first language or in the visitor's."""
    language = get_language() or settings.LANGUAGE_CODE
    found = models.Q(**{f"{through}{field}__icontains": term})
    if language == settings.LANGUAGE_CODE:
        return found
    return found | models.Q(**{f"{through}translations__{language}__{field}__icontains": term})


def all_languages(row: Any, field: str) -> dict[str, str]:
    """A text of a translated row in all its languages; "" is the shop's first one."""
    others = {language: texts[field] for language, texts in row.translations.items() if texts.get(field)}
    return {"": getattr(row, field), **others}
