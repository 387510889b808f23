"""The row above the sheet: for each column what becomes of all of it, read as the plan of a bulk edit."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.formats import get_format, localize
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.catalog.importing import cells
from apps.catalog.models import Product
from apps.core.money import minor_digits, shop_money
from apps.exchange.forms import REASONS

AS_IT_IS = ("", _("As it is"))
CALCULATED = (
    ("set", _("Set to")),
    ("raise_percent", _("Raise by percent")),
    ("lower_percent", _("Lower by percent")),
    ("raise_amount", _("Raise by an amount")),
    ("lower_amount", _("Lower by an amount")),
)
PRICE = (AS_IT_IS, *CALCULATED)
PRICE_BEFORE = (AS_IT_IS, ("price", _("The price of now")), *CALCULATED, ("remove", _("Remove")))
STOCK = (AS_IT_IS, ("set", _("Set to")), ("add", _("Add (with a minus: take away)")))
CATEGORY = (
    AS_IT_IS,
    ("set", _("Set to")),
    ("add", _("Set where there is none")),
    ("remove", _("Take out of their category")),
)
ENDINGS = {"0": "00", "95": "95", "99": "99"}
WITHOUT_VALUE = {"price", "remove"}
PERCENT = forms.DecimalField(min_value=Decimal("0.01"), max_value=1000, max_digits=6, decimal_places=2)
PIECES = forms.IntegerField(min_value=-1_000_000, max_value=1_000_000)


def endings() -> list[tuple[str, Any]]:
    point = get_format("DECIMAL_SEPARATOR")
    return [("", _("Not rounded")), *((key, f"{point}{digits}") for key, digits in ENDINGS.items())]


def _value(**attrs: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "size": 8, "autocomplete": "off"} | attrs)
    return forms.CharField(label=_("Value"), max_length=24, required=False, widget=widget)


class ColumnsForm(forms.Form):
    """`paths` maps the address of each category to its key."""

    prefix = "all"

    price = forms.ChoiceField(label=_("Price"), choices=PRICE, required=False)
    price_value = _value()
    price_ending = forms.ChoiceField(label=_("Round to an ending"), choices=endings, required=False)
    compare_at_price = forms.ChoiceField(label=_("Price before"), choices=PRICE_BEFORE, required=False)
    compare_at_price_value = _value()
    compare_at_price_ending = forms.ChoiceField(label=_("Round to an ending"), choices=endings, required=False)
    on_hand = forms.ChoiceField(label=_("On hand"), choices=STOCK, required=False)
    on_hand_value = _value(inputmode="text")
    reason = forms.ChoiceField(label=_("Reason for the stock"), choices=REASONS)
    note = forms.CharField(
        label=_("Note"), max_length=200, required=False, validators=[ProhibitNullCharactersValidator()]
    )
    status = forms.ChoiceField(label=_("Status"), choices=[AS_IT_IS, *Product.Status.choices], required=False)
    category_id = forms.ChoiceField(label=_("Category"), choices=CATEGORY, required=False)
    category_id_value = forms.CharField(
        label=_("Value"), max_length=400, required=False, widget=forms.TextInput(attrs={"list": "categories"})
    )

    def __init__(self, paths: dict[str, int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paths = paths
        for name in ("reason", "note"):
            self.fields[name].widget.attrs["aria-label"] = self.fields[name].label
        self.fields["note"].widget.attrs["placeholder"] = self.fields["note"].label
        for name, field in self.fields.items():
            column = self.fields.get(name.removesuffix("_value").removesuffix("_ending"))
            if column is not None and column is not field:
                field.widget.attrs["aria-label"] = f"{column.label}: {field.label}"
        if minor_digits(settings.SHOP_CURRENCY) < 2:
            del self.fields["price_ending"], self.fields["compare_at_price_ending"]

    def columns(self) -> list[dict[str, Any]]:
        """Each column with its fields, as the row shows them."""
        rests = {name: [f"{name}_value", f"{name}_ending"] for name in ("price", "compare_at_price", "category_id")}
        rests |= {"on_hand": ["on_hand_value", "reason", "note"], "status": []}
        return [
            {"how": self[name], "rest": [self[rest] for rest in rests[name] if rest in self.fields]}
            for name in ("price", "compare_at_price", "on_hand", "status", "category_id")
        ]

    def clean(self) -> Any:
        data: dict[str, Any] = super().clean() or {}
        self.plan: dict[str, dict[str, Any]] = {}
        for name in ("price", "compare_at_price", "on_hand", "category_id"):
            if how := data.get(name):
                self._read(name, how, str(data.get(f"{name}_value", "")).strip())
        if status := data.get("status"):
            self.plan["status"] = {"how": "set", "value": status}
        if not self.errors and not self.plan:
            self.add_error(None, gettext("Choose what is to change."))
        return data

    def _read(self, name: str, how: str, text: str) -> None:
        change: dict[str, Any] = {"how": how}
        try:
            if how not in WITHOUT_VALUE:
                change["value"] = self._valued(name, how, text)
        except (ValidationError, cells.BadCell) as error:
            self.add_error(f"{name}_value", error.messages[0] if isinstance(error, ValidationError) else str(error))
            return
        ending = self.cleaned_data.get(f"{name}_ending")
        if ending and how not in {"set", *WITHOUT_VALUE}:
            change["ending"] = int(ending)
        self.plan[name] = change

    def _valued(self, name: str, how: str, text: str) -> Any:
        """Raises ValidationError or BadCell."""
        if name == "category_id":
            if text not in self.paths:
                raise ValidationError(gettext("There is no category with this address."))
            return self.paths[text]
        if not text:
            raise ValidationError(gettext("Enter a value."))
        if name == "on_hand":
            pieces: int = PIECES.clean(text)
            if how == "set" and pieces < 0:
                raise ValidationError(gettext("Nobody counts less than nothing."))
            return pieces
        if how.endswith("percent"):
            percent: Decimal = PERCENT.clean(text.removesuffix("%").strip().replace(",", "."))
            if how.startswith("lower") and percent > 100:
                raise ValidationError(gettext("It can be lowered by 100 percent at most."))
            return str(percent)
        return cells.amount(text)


def described(plan: Mapping[str, Mapping[str, Any]], names: Mapping[int, str]) -> list[tuple[str, str]]:
    """The plan in words, a column at a time; `names` says what categories are called."""
    labels = {name: field.label for name, field in ColumnsForm.base_fields.items()}
    return [(str(labels[name]), _in_words(name, change, names)) for name, change in plan.items()]


def _in_words(name: str, change: Mapping[str, Any], names: Mapping[int, str]) -> str:
    how, value = change["how"], change.get("value")
    if name == "status":
        return str(Product.Status(str(value)).label)
    if name == "category_id" or value is None:
        choices: Any = ColumnsForm.base_fields[name]
        return " ".join([str(dict(choices.choices)[how]), *([names.get(value, "–")] if value else [])])
    sign = "−" if how.startswith("lower") else "+" if how.startswith("raise") else ""
    if how.endswith("percent"):
        words = f"{sign}{localize(Decimal(value))}\u00a0%"
    elif name == "on_hand":
        words = f"{value:+d}" if how == "add" else str(value)
    else:
        words = f"{sign}{shop_money(value)}"
    if "ending" not in change:
        return words
    return gettext("%(change)s, rounded to %(ending)s") % {
        "change": words,
        "ending": dict(endings())[str(change["ending"])],
    }
