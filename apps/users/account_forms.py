"""allauth's forms in the shop's look: our rendering, words and autocomplete tokens. The rules stay allauth's."""

from typing import Any

from allauth.account import forms as allauth_forms
from crispy_forms.helper import FormHelper
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from apps.users.models import User

# What allauth's forms say by themselves; our catalogues, which come before its own, address people as the shop does.
gettext_noop("You must type the same password each time.")

_PASSWORD_HELP = _("At least 8 characters. Common passwords and your own name or address are refused.")


class InShopLook:
    """The crispy helper, no placeholders (the labels say it), and attributes per field."""

    fields: dict[str, forms.Field]
    attributes: dict[str, dict[str, Any]] = {}
    labels: dict[str, Any] = {}
    password_help: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self._dress()

    def _dress(self) -> None:
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs.update(self.attributes.get(name, {}))
            field.label = self.labels.get(name, field.label)
            field.help_text = _PASSWORD_HELP if name in self.password_help else ""


class LoginForm(InShopLook, allauth_forms.LoginForm):
    attributes = {"login": {"autocomplete": "username"}}
    labels = {"login": _("Email address"), "password": _("Password")}


class SignupForm(InShopLook, allauth_forms.SignupForm):
    labels = {"email": _("Email address"), "password1": _("Password")}
    password_help = ("password1",)

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """As allauth's; of two sign-ups with one address at once, the later is answered as a known address is."""
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)


class ChangeEmailForm(InShopLook, allauth_forms.AddEmailForm):
    labels = {"email": _("New email address")}


class ChangePasswordForm(InShopLook, allauth_forms.ChangePasswordForm):
    labels = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password again"),
    }
    password_help = ("password1",)


class SetPasswordForm(InShopLook, allauth_forms.SetPasswordForm):
    labels = {"password1": _("New password"), "password2": _("New password again")}
    password_help = ("password1",)


class ResetPasswordForm(InShopLook, allauth_forms.ResetPasswordForm):
    labels = {"email": _("Email address")}


class NewPasswordForm(InShopLook, allauth_forms.ResetPasswordKeyForm):
    labels = SetPasswordForm.labels
    password_help = ("password1",)


class ReauthenticateForm(InShopLook, allauth_forms.ReauthenticateForm):
    labels = {"password": _("Password")}


class RequestLoginCodeForm(InShopLook, allauth_forms.RequestLoginCodeForm):
    labels = {"email": _("Email address")}


class ConfirmLoginCodeForm(InShopLook, allauth_forms.ConfirmLoginCodeForm):
    attributes = {"code": {"autofocus": True, "autocapitalize": "characters", "spellcheck": "false"}}
    labels = {"code": _("Sign-in code")}
