from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from apps.users.avatars import encode_avatar
from apps.users.countries import country_choices, needs_postal_code, needs_region, validate_postal_code
from apps.users.models import Address, PostalAddress, User
from apps.users.widgets import LongSelect


def bare_helper(*layout: Any) -> FormHelper:
    """A helper that renders fields only; `<form>` and the token are written in the template."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    if layout:
        helper.layout = Layout(*layout)
    return helper


class ProfileForm(forms.ModelForm):
    avatar = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("JPEG, PNG or WebP up to 5 MB. It is cut to a square."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    remove_avatar = forms.BooleanField(label=_("Remove the picture"), required=False)
    language = forms.ChoiceField(
        label=_("Language of our mails"), choices=settings.LANGUAGES, help_text=_("Used when we write to you.")
    )

    field_order = ("full_name", "avatar", "remove_avatar", "bio", "language")

    class Meta:
        model = User
        fields = ("full_name", "avatar", "bio", "language")
        widgets = {
            "full_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "bio": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.former_avatar = self.instance.avatar.name
        self.initial["language"] = self.instance.language or settings.LANGUAGE_CODE
        if not self.former_avatar:
            del self.fields["remove_avatar"]
        self.helper = bare_helper(*self.fields)

    def clean_avatar(self) -> Any:
        avatar = self.cleaned_data["avatar"]
        if isinstance(avatar, UploadedFile):
            encoded = encode_avatar(avatar, user_id=self.instance.pk)
            same = self.former_avatar == f"{User.avatar.field.upload_to}{encoded.name}"
            return self.instance.avatar if same else encoded
        return avatar

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("remove_avatar") and not isinstance(cleaned.get("avatar"), ContentFile):
            cleaned["avatar"] = False  # Django's word for "empty the column"
        return cleaned

    def save(self, commit: bool = True) -> User:
        user = super().save(commit)
        if self.former_avatar and self.former_avatar != user.avatar.name:
            user.avatar.storage.delete(self.former_avatar)
        return user


class AddressForm(forms.Form):
    """The fields of a postal address with their autocomplete tokens; the country says which are required."""

    use_required_attribute = False  # what is required follows the country, which the browser can't know

    name = forms.CharField(label=_("Full name"), max_length=120)
    company = forms.CharField(label=_("Company"), max_length=120, required=False)
    line1 = forms.CharField(label=_("Street and number"), max_length=160)
    line2 = forms.CharField(label=_("Address line 2"), max_length=160, required=False)
    postal_code = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    city = forms.CharField(label=_("Town"), max_length=100)
    region = forms.CharField(label=_("State or region"), max_length=100, required=False)
    country = forms.ChoiceField(label=_("Country"), widget=LongSelect)
    phone = forms.CharField(
        label=_("Phone"),
        max_length=32,
        required=False,
        help_text=_("Only for questions about the delivery."),
        widget=forms.TextInput(attrs={"type": "tel"}),
    )

    AUTOCOMPLETE = {
        "name": "name",
        "company": "organization",
        "line1": "address-line1",
        "line2": "address-line2",
        "postal_code": "postal-code",
        "city": "address-level2",
        "region": "address-level1",
        "country": "country",
        "phone": "tel",
    }

    def __init__(self, *args: Any, instance: Address | None = None, **kwargs: Any) -> None:
        self.instance = instance or Address()
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = country_choices()
        self.fields["country"].initial = settings.SHOP_COUNTRY
        country = self.data.get(self.add_prefix("country")) or self.get_initial_for_field(
            self.fields["country"], "country"
        )
        self.fields["postal_code"].required = needs_postal_code(country)
        self.fields["region"].required = needs_region(country)
        for name, token in self.AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = token
        self.helper = bare_helper(
            "name",
            "company",
            "line1",
            "line2",
            Div("postal_code", "city", css_class="row"),
            Div("region", "country", css_class="row"),
            "phone",
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        country = cleaned.get("country", "")
        if country and cleaned.get("postal_code"):
            try:
                cleaned["postal_code"] = validate_postal_code(country, cleaned["postal_code"])
            except ValidationError as error:
                self.add_error("postal_code", error)
        return cleaned

    def filled_address(self) -> Address:
        """The entry with the form's values, not stored yet."""
        for field in PostalAddress.FIELDS:
            setattr(self.instance, field, self.cleaned_data[field])
        return self.instance


class DefaultAddressForm(forms.Form):
    """Which default a button asks for."""

    use = forms.ChoiceField(choices=[("shipping", _("delivery")), ("billing", _("invoices"))])
