"""Rows of a table in the admin: the column's heading is no label, so every field says its own name."""

from typing import Any

from django.forms import BaseInlineFormSet
from django.utils.text import capfirst


class LabelledFormSet(BaseInlineFormSet):
    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            # A choice of other rows is wrapped into the widget with the buttons beside it.
            widget = getattr(field.widget, "widget", field.widget)
            if field.label and not widget.is_hidden:
                widget.attrs.setdefault("aria-label", capfirst(str(field.label)))
