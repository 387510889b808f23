from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.users import services
from apps.users.links import mail_context, site_link
from apps.users.models import User

# allauth's name of a mail: our kind, and whether its content opens an account and so is never kept.
MAILS: dict[str, tuple[str, bool]] = {
    "account/email/email_confirmation_signup": ("email_confirmation", True),
    "account/email/email_confirmation": ("email_confirmation", True),
    "account/email/password_reset_key": ("password_reset", True),
    "account/email/login_code": ("login_code", True),
    "account/email/account_already_exists": ("account_exists", False),
    "account/email/password_reset": ("password_changed", False),
    "account/email/password_changed": ("password_changed", False),
    "account/email/password_set": ("password_changed", False),
    "account/email/email_changed": ("email_changed", False),
}


class AccountAdapter(DefaultAccountAdapter):
    """allauth in our shop: its mails take the same way as ours, and links never come from the Host header."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The email address or the password is not right."),
        "too_many_login_attempts": _(
            "Too many attempts with this address. Try again in 5 minutes, or use a sign-in code or a new password."
        ),
        "incorrect_code": _("This code is not right."),
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("The current password is not right."),
        "duplicate_email": _("This is already your address."),
        "rate_limited": _("Too many attempts. Please wait a little and try again."),
    }

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.language = get_language() or settings.LANGUAGE_CODE
        return super().save_user(request, user, form, commit)

    def is_safe_url(self, url: str) -> bool:
        """Whether a sign-in may lead there; an address that can't even be read leads nowhere."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one of MAILS in the visitor's language; allauth's other mails are not sent."""
        if template_prefix not in MAILS:
            return
        kind, secret = MAILS[template_prefix]
        content = {name: value for name, value in context.items() if name != "request"}
        send_account_mail(kind=kind, secret=secret, recipient=email, context=content)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: EmailConfirmationHMAC) -> str:
        return site_link("account_confirm_email", key=emailconfirmation.key)

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _dash, token = key.partition("-")
        return site_link("account_reset_password_from_key", uidb36=uid, key=token)

    def send_account_already_exists_mail(self, email: str) -> None:
        links = {
            "login_url": site_link("account_login"),
            "password_reset_url": site_link("account_reset_password"),
        }
        self.send_mail("account/email/account_already_exists", email, links)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Verify an address and all that follows from it (welcome, guest orders), or nothing of it."""
        try:
            with transaction.atomic():
                services.free_unproven_address(email=email_address.email, claimed_by=email_address.user_id)
                return super().confirm_email(request, email_address)
        except IntegrityError:  # another account in use has the address
            failed = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, failed, {"email": email_address.email})
            return False


def send_account_mail(*, kind: str, secret: bool, recipient: str, context: dict[str, Any]) -> None:
    """Hand a mail to notifications; without that app, send it by Django's mail (text only)."""
    context = {**mail_context(), **context}
    if apps.is_installed("apps.notifications"):
        from apps.users import notices

        notices.send_account_mail(kind=kind, secret=secret, recipient=recipient, context=context)
        return
    subject = " ".join(render_to_string(f"users/messages/{kind}.subject.txt", context).split())
    text = render_to_string(f"users/messages/{kind}.txt", context)
    EmailMultiAlternatives(subject, text, settings.DEFAULT_FROM_EMAIL, [recipient]).send()
