from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _


class AlertForm(forms.Form):
    """Who wants to hear when a variant is back."""

    sku = forms.CharField(max_length=64, widget=forms.HiddenInput, validators=[ProhibitNullCharactersValidator()])
    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        help_text=_("One mail, then we forget the address."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="alert_%s", **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout("sku", "email")
