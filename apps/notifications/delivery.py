"""Hand one message to the mail server: at least once, each time with the same Message-ID."""

import hashlib
import logging
import smtplib
from urllib.parse import urlsplit

from django.core import mail
from django.db.models import F
from django.utils import timezone

from .attachments import resolve
from .conf import crash_point, option
from .models import Message, State

logger = logging.getLogger(__name__)

FORGET = {"subject": "", "text": "", "html": ""}


def deliver_message(*, message_id: int, delivery: int) -> None:
    """Send the message if this delivery of it is still to be made; else do nothing.

    Raises what the mail server, the network or the maker of an attachment raised; the message then waits, with the
    error noted. An address that the server refuses for good fails the message at once, without raising: trying again
    would not help.
    """
    waiting = Message.objects.deliverable(message_id=message_id, delivery=delivery)
    message = waiting.first()
    if message is None:
        return
    crash_point("notifications.deliver.before_send")
    try:
        _send(message)
    except Exception as error:
        waiting.update(attempts=F("attempts") + 1, last_error=_describe(error, secret=message.secret))
        if not _is_permanent(error):
            raise
        waiting.move(State.FAILED)
        logger.warning("Message %s can't be delivered: %s", message.pk, type(error).__name__)
        return
    crash_point("notifications.deliver.after_send")
    forgotten = FORGET if message.secret else {}
    waiting.move(State.SENT, sent_at=timezone.now(), attempts=F("attempts") + 1, last_error="", **forgotten)


def message_id_header(message: Message) -> str:
    """The same for each attempt of a delivery, so that a mail sent twice can be recognised as one."""
    host = urlsplit(option("SITE_URL")).hostname or "localhost"
    key = f"{message.pk}:{message.delivery}:{message.kind}:{message.event_id}:{message.created_at.isoformat()}"
    return f"<message-{message.pk}-{hashlib.sha256(key.encode()).hexdigest()[:16]}@{host}>"


def _send(message: Message) -> None:
    email = mail.EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=option("FROM_EMAIL") or None,
        to=[message.recipient],
        headers={
            "Message-ID": message_id_header(message),
            "Content-Language": message.language,
            "Auto-Submitted": "auto-generated",
        },
    )
    if message.html:
        email.attach_alternative(message.html, "text/html")
    for attachment in resolve(message.attachments):
        email.attach(attachment.name, attachment.content, attachment.media_type)
    mail.mailers[option("MAILER")].send_messages([email])


def _is_permanent(error: Exception) -> bool:
    """The server said 5xx to the address, or the address can't be written into a header."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    return isinstance(error, ValueError)


def _describe(error: Exception, *, secret: bool) -> str:
    """For staff. A server may quote what it refused, so of a secret message only the code is kept."""
    name, code = type(error).__name__, getattr(error, "smtp_code", "")
    detail = code if secret else error
    return f"{name}: {detail}".rstrip(": ")[:500]
