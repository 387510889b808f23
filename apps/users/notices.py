"""What accounts tell people by mail. The one module of users that knows notifications."""

import uuid
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from apps.notifications import services as notifications
from apps.users.links import mail_context
from apps.users.services import is_first_verified


def send_account_mail(*, kind: str, secret: bool, recipient: str, context: dict[str, Any]) -> None:
    """One message per call: asking for a code again is a new event; allauth's limits say how often."""
    user = context.get("user")
    notifications.send(
        kind=f"account.{kind}",
        event_id=uuid.uuid4().hex,
        recipient=recipient,
        template=f"users/messages/{kind}",
        context=context,
        language=get_language() or settings.LANGUAGE_CODE,
        secret=secret,
        user_id=user.pk if user else None,
    )


def welcome(sender: Any, request: HttpRequest | None, email_address: EmailAddress, **kwargs: Any) -> None:
    """Greet once, when the first address of an account is verified; a changed address is no new customer."""
    if not is_first_verified(email_address):
        return
    notifications.send(
        kind="account.welcome",
        event_id=f"user-{email_address.user_id}",
        recipient=email_address.email,
        template="users/messages/welcome",
        context=mail_context(),
        language=get_language() or settings.LANGUAGE_CODE,
        user_id=email_address.user_id,
    )


def forget_messages(*, older_than: timedelta) -> int:
    """Delete messages that were written longer ago and no longer wait; returns how many."""
    return notifications.prune(older_than)


def connect() -> None:
    email_confirmed.connect(welcome, dispatch_uid="users.welcome")
