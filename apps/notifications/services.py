"""Tell a person something, once per event; and what staff may do with a message."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from .attachments import AttachmentRef
from .conf import crash_point
from .delivery import FORGET
from .models import Message, State
from .rendering import render
from .tasks import deliver

_PRUNE_BATCH = 1000


class InvalidRecipientError(ValueError):
    """The text is no email address."""


class MoveRefusedError(Exception):
    """The message is in a state that does not allow this."""


def send(
    *,
    kind: str,
    event_id: object,
    recipient: str,
    template: str,
    context: Mapping[str, Any],
    language: str,
    secret: bool = False,
    user_id: int | None = None,
    attachments: Sequence[AttachmentRef] = (),
) -> Message:
    """Write one message in the caller's transaction and enqueue its delivery; return it.

    `<template>.subject.txt`, `.txt` and `.html` are rendered at once, in `language`. A second call with the same
    kind, event and recipient returns the first message and changes nothing. The content of a `secret` message is
    never shown and is deleted once it is sent. `attachments` are made at delivery by whoever registered their kind.
    Raises InvalidRecipientError or TemplateDoesNotExist; then nothing has changed.
    """
    recipient, key = _address(recipient), {"kind": kind, "event_id": str(event_id)}
    parts = render(template, context, language)
    message = Message(
        **key,
        recipient=recipient,
        language=language,
        subject=parts.subject,
        text=parts.text,
        html=parts.html,
        secret=secret,
        attachments=[attachment.as_dict() for attachment in attachments],
        user_id=user_id,
    )
    with transaction.atomic(savepoint=False):  # message and job together; a caller's transaction goes on being one
        if not Message.objects.write_once(message):
            return Message.objects.get(**key, recipient=recipient)
        crash_point("notifications.send.row_written")
        deliver.enqueue(message_id=message.pk, delivery=message.delivery)
    return message


def _address(recipient: str) -> str:
    recipient = recipient.strip()
    try:
        validate_email(recipient)
    except ValidationError as error:
        raise InvalidRecipientError("The recipient is no email address.") from error
    return recipient


def send_again(*, message_id: int) -> None:
    """Start another delivery of a failed or sent message.

    Raises MoveRefusedError if it is queued, discarded, or secret and already forgotten; then nothing has changed.
    """
    with transaction.atomic():
        there = Message.objects.filter(pk=message_id).exclude(text="", html="")
        if not there.move(State.QUEUED, delivery=F("delivery") + 1, attempts=0, last_error="", sent_at=None):
            raise MoveRefusedError
        delivery = Message.objects.values_list("delivery", flat=True).get(pk=message_id)
        deliver.enqueue(message_id=message_id, delivery=delivery)


def discard(*, message_id: int) -> None:
    """Never deliver this message. Raises MoveRefusedError if it is sent or discarded; then nothing has changed."""
    messages = Message.objects.filter(pk=message_id)
    secret = messages.filter(secret=True).exists()
    if not messages.move(State.DISCARDED, **(FORGET if secret else {})):
        raise MoveRefusedError


def give_up(*, message_id: int, delivery: int, reason: str) -> None:
    """Mark a message failed after its last attempt. Does nothing if that delivery is no longer the one to make."""
    waiting = Message.objects.deliverable(message_id=message_id, delivery=delivery)
    waiting.filter(last_error="").update(last_error=reason[:500])
    waiting.move(State.FAILED)


def prune(older_than: timedelta) -> int:
    """Delete messages that were written longer ago than that and are not queued; returns how many.

    Keep it far above the time in which an event can be told again: a deleted message can be sent anew.
    """
    deleted = 0
    old = Message.objects.filter(created_at__lt=timezone.now() - older_than).exclude(state=State.QUEUED).order_by()
    while batch := list(old.values_list("pk", flat=True)[:_PRUNE_BATCH]):
        deleted += Message.objects.filter(pk__in=batch).delete()[0]
    return deleted
