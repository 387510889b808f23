"""The checkout on one page: one form, laid out in sections that the template wraps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Field, Layout, Row
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.ownership import Owner
from apps.orders.extensions import PaymentMethod, Rate
from apps.orders.services import CheckoutDetails
from apps.users.countries import country_choices, needs_postal_code, needs_region, validate_postal_code
from apps.users.models import Address, PostalAddress
from apps.users.widgets import LongSelect

SHIPPING, BILLING = "shipping", "billing"
SAVED = "saved"

# The autocomplete token of each field of an address; its prefix says which address it is.
_AUTOCOMPLETE = {
    "name": "name",
    "company": "organization",
    "line1": "address-line1",
    "line2": "address-line2",
    "city": "address-level2",
    "region": "address-level1",
    "postal_code": "postal-code",
    "country": "country",
    "phone": "tel",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A radio card: its name, a line of text below and something at its end, such as a price."""

    name: str
    text: str = ""
    end: str = ""

    def __str__(self) -> str:
        return str(self.name)


class CheckoutForm(forms.Form):
    """What a buyer enters. Bound only to place an order; to re-quote, what was typed comes back as initial values."""

    use_required_attribute = False  # hidden parts of the page must not stop the browser from sending the form

    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        help_text=_("For the confirmation and news of your parcel."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    billing_same = forms.BooleanField(label=_("The invoice goes to the delivery address"), required=False, initial=True)
    note = forms.CharField(
        label=_("Note to us"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        owner: Owner,
        rates: Sequence[Rate],
        methods: Sequence[PaymentMethod],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.label_suffix = ""
        self._add_address(SHIPPING, owner)
        self._add_address(BILLING, owner)
        self._add_choices("shipping_method", _("Delivery"), [_rate_choice(rate) for rate in rates])
        self._add_choices("payment_method", _("Payment"), [_method_choice(method) for method in methods])
        self._require_what_is_shown()

    # --- Layout: one helper per section of the page.

    @property
    def contact(self) -> FormHelper:
        return self._section("email")

    @property
    def shipping(self) -> FormHelper:
        return self._section(*self._address_rows(SHIPPING))

    @property
    def billing(self) -> FormHelper:
        return self._section(*self._address_rows(BILLING))

    @property
    def saved_shipping(self) -> FormHelper:
        return self._section(f"{SHIPPING}-{SAVED}")

    @property
    def saved_billing(self) -> FormHelper:
        return self._section(f"{BILLING}-{SAVED}")

    @property
    def same(self) -> FormHelper:
        return self._section("billing_same")

    @property
    def delivery(self) -> FormHelper:
        return self._section(Field("shipping_method"), labels=False)

    @property
    def payment(self) -> FormHelper:
        return self._section(Field("payment_method"), labels=False)

    @property
    def remarks(self) -> FormHelper:
        return self._section("note")

    @property
    def has_saved(self) -> bool:
        return f"{SHIPPING}-{SAVED}" in self.fields

    # --- What was entered.

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for prefix in (SHIPPING, BILLING):
            if self._is_typed(prefix):
                self._clean_address(prefix, cleaned)
        return cleaned

    def details(self, language: str) -> CheckoutDetails:
        cleaned = self.cleaned_data
        shipping = self._address(SHIPPING)
        return CheckoutDetails(
            email=cleaned["email"],
            shipping_address=shipping,
            billing_address=shipping if cleaned["billing_same"] else self._address(BILLING),
            shipping_method=cleaned["shipping_method"],
            payment_method=cleaned["payment_method"],
            note=cleaned["note"],
            language=language,
        )

    def _address(self, prefix: str) -> dict[str, str]:
        saved: PostalAddress | None = self.cleaned_data.get(f"{prefix}-{SAVED}")
        if saved is not None:
            return saved.as_dict()
        return {field: self.cleaned_data[f"{prefix}-{field}"] for field in PostalAddress.FIELDS}

    def _clean_address(self, prefix: str, cleaned: dict[str, Any]) -> None:
        country = cleaned.get(f"{prefix}-country")
        if not country:
            return
        if f"{prefix}-postal_code" in self.errors:
            return
        try:
            cleaned[f"{prefix}-postal_code"] = validate_postal_code(country, cleaned[f"{prefix}-postal_code"])
        except ValidationError as error:
            self.add_error(f"{prefix}-postal_code", error)

    # --- Fields.

    def _add_address(self, prefix: str, owner: Owner) -> None:
        for name in PostalAddress.FIELDS:
            self.fields[f"{prefix}-{name}"] = self._address_field(prefix, name)
        book = Address.objects.for_owner(owner)
        if owner.user_id is None or not book.exists():
            return
        saved = self.fields[f"{prefix}-{SAVED}"] = forms.ModelChoiceField(
            queryset=book,
            required=False,
            label=_("Address"),
            empty_label=_("Another address"),
            error_messages={"invalid_choice": _("Choose one of your addresses.")},
        )
        saved.required = not self.is_bound  # only so that the label does not say "optional"

    def _address_field(self, prefix: str, name: str) -> forms.Field:
        column = PostalAddress._meta.get_field(name)
        attrs = {"autocomplete": f"{prefix} {_AUTOCOMPLETE[name]}"}
        label = _label(name)
        if name == "country":
            return forms.ChoiceField(
                label=label, choices=country_choices, initial=settings.SHOP_COUNTRY, widget=LongSelect(attrs=attrs)
            )
        widget = forms.TextInput(attrs={**attrs, **({"type": "tel"} if name == "phone" else {})})
        return forms.CharField(label=label, max_length=column.max_length, required=not column.blank, widget=widget)

    def _add_choices(self, name: str, label: Any, choices: list[tuple[str, Choice]]) -> None:
        """Radio cards. Without anything to choose from the service says why, so any text passes here."""
        if not choices:
            self.fields[name] = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput())
            return
        self.fields[name] = forms.ChoiceField(
            label=label,
            choices=choices,
            initial=choices[0][0],
            widget=forms.RadioSelect(attrs={"data-cards": ""}),
            error_messages={"invalid_choice": _("This is not offered any more. Please choose again.")},
        )

    def _require_what_is_shown(self) -> None:
        """Postcode and region as the country asks for them; nothing of an address that is not entered here."""
        for prefix in (SHIPPING, BILLING):
            country = self.data.get(f"{prefix}-country") or self.get_initial_for_field(
                self.fields[f"{prefix}-country"], f"{prefix}-country"
            )
            self.fields[f"{prefix}-postal_code"].required = needs_postal_code(country)
            self.fields[f"{prefix}-region"].required = needs_region(country)
            if self.is_bound and not self._is_typed(prefix):
                for name in PostalAddress.FIELDS:
                    self.fields[f"{prefix}-{name}"].required = False

    def _is_typed(self, prefix: str) -> bool:
        """Whether this address is entered field by field, not chosen or the same as the other."""
        if prefix == BILLING and self.data.get("billing_same"):
            return False
        return not (f"{prefix}-{SAVED}" in self.fields and self.data.get(f"{prefix}-{SAVED}"))

    def _address_rows(self, prefix: str) -> list[Any]:
        def field(name: str) -> str:
            return f"{prefix}-{name}"

        return [
            field("name"),
            field("company"),
            field("line1"),
            field("line2"),
            Row(Column(field("postal_code")), Column(field("city"))),
            Row(Column(field("region")), Column(field("country"))),
            field("phone"),
        ]

    def _section(self, *fields: Any, labels: bool = True) -> FormHelper:
        helper = FormHelper(self)
        helper.form_tag, helper.disable_csrf = False, True
        helper.form_show_errors = False  # one summary stands above all sections
        helper.form_show_labels = labels
        helper.layout = Layout(*fields)
        return helper


def _label(name: str) -> Any:
    return {
        "name": _("Full name"),
        "company": _("Company"),
        "line1": _("Street and number"),
        "line2": _("Address line 2"),
        "city": _("Town"),
        "region": _("State or region"),
        "postal_code": _("Postcode"),
        "country": _("Country"),
        "phone": _("Phone"),
    }[name]


def _rate_choice(rate: Rate) -> tuple[str, Choice]:
    return rate.code, Choice(rate.label, rate.description, str(rate.price) if rate.price else str(_("Free")))


def _method_choice(method: PaymentMethod) -> tuple[str, Choice]:
    return method.code, Choice(str(method.label), str(method.description))
