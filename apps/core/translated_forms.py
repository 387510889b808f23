"""Texts in other languages beside those of the shop's first one, as fields of the same form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.utils.text import format_lazy

LANGUAGES = [(code, name) for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def field_name(field: str, language: str) -> str:
    return f"{field}_{language}"


def translated_fieldsets(*fields: str) -> list[tuple[Any, dict[str, Any]]]:
    """A collapsed fieldset for each other language."""
    return [
        (name, {"fields": [field_name(field, code) for field in fields], "classes": ["collapse"]})
        for code, name in LANGUAGES
    ]


def translated(model: type[models.Model], *fields: str) -> Callable[[type[Any]], type[Any]]:
    """Give a ModelForm an optional field for each of these fields in each other language."""

    def decorate(form: type[Any]) -> type[Any]:
        widgets = getattr(getattr(form, "Meta", None), "widgets", {})
        for field in fields:
            for code, name in LANGUAGES:
                made: Any = model._meta.get_field(field).formfield(required=False)  # type: ignore[union-attr]
                made.label = format_lazy("{} ({})", made.label, name)
                if isinstance(made.widget, forms.Textarea):
                    # As tall as the one beside it.
                    rows = widgets[field].attrs.get("rows", 6) if field in widgets else 6
                    made.widget.attrs.update({"rows": rows, "cols": 80, "class": "vLargeTextField"})
                else:
                    made.widget.attrs["class"] = "vTextField"
                form.declared_fields[field_name(field, code)] = made
                form.base_fields[field_name(field, code)] = made
        form.translated = fields
        return form

    return decorate


class TranslatedForm(forms.ModelForm):
    """Reads and writes the `translations` column of the row."""

    translated: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, _name in LANGUAGES:
            texts = self.instance.translations.get(code, {})
            for field in self.translated:
                if (name := field_name(field, code)) in self.fields:
                    self.initial.setdefault(name, texts.get(field, ""))

    def save(self, commit: bool = True) -> Any:
        translations = {code: dict(texts) for code, texts in self.instance.translations.items()}
        for code, _name in LANGUAGES:
            for field in self.translated:
                if (name := field_name(field, code)) in self.cleaned_data:
                    texts = translations.setdefault(code, {})
                    texts.pop(field, None)
                    if self.cleaned_data[name]:
                        texts[field] = self.cleaned_data[name]
        self.instance.translations = {code: texts for code, texts in translations.items() if texts}
        return super().save(commit)
