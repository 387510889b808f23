from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.http import HttpRequest

from apps.users.services import forget_unproven_password, is_first_verified


def drop_password_of_unproven_sign_up(
    sender: Any, request: HttpRequest | None, email_address: EmailAddress, **kwargs: Any
) -> None:
    """A sign-in code proves the mailbox, not that its owner chose the password the account was made with."""
    match = request.resolver_match if request else None
    if match and match.view_name == "account_confirm_login_code" and is_first_verified(email_address):
        forget_unproven_password(user=email_address.user)


def connect() -> None:
    email_confirmed.connect(drop_password_of_unproven_sign_up, dispatch_uid="users.drop_password")
