"""The sheet of a stock take as a form: a number and a mark of what was shown for each variant of the page."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext

from apps.inventory.selectors import SheetLine
from apps.inventory.services.counting import Entry

MOST = 1_000_000


class SheetForm(forms.Form):
    """`conflicts` says by variant what somebody else did meanwhile; a row of it is `(line, number, seen, message)`."""

    def __init__(self, lines: Sequence[SheetLine], data: Any = None) -> None:
        super().__init__(data)
        self.lines = lines
        self.conflicts: dict[int, str] = {}
        for line in lines:
            self.fields[_number(line)] = forms.IntegerField(
                label=gettext("Counted: %(sku)s") % {"sku": line.variant.sku},
                required=False,
                min_value=0,
                max_value=MOST,
                initial=line.line.counted if line.line and line.line.is_settled else None,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "count-input"}),
            )
            self.fields[_seen(line)] = forms.CharField(
                required=False, max_length=60, initial=line.seen, widget=forms.HiddenInput
            )

    def rows(self) -> list[tuple[SheetLine, Any, Any, str]]:
        return [
            (line, self[_number(line)], self[_seen(line)], self.conflicts.get(line.variant.pk, ""))
            for line in self.lines
        ]

    def entries(self) -> list[Entry]:
        """What came of the rows of this page; a row whose mark is missing was not on the sheet that was sent."""
        return [
            Entry(line.variant.pk, self.cleaned_data[_number(line)], self.cleaned_data[_seen(line)])
            for line in self.lines
            if self.cleaned_data[_seen(line)]
        ]


def typed_variants(data: Mapping[str, Any]) -> list[int]:
    """The variants whose rows were sent."""
    names = (name.removeprefix("seen-") for name in data if name.startswith("seen-"))
    return [int(pk) for pk in names if pk.isascii() and pk.isdigit() and len(pk) < 16]


def _number(line: SheetLine) -> str:
    return f"counted-{line.variant.pk}"


def _seen(line: SheetLine) -> str:
    return f"seen-{line.variant.pk}"
