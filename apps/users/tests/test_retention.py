from datetime import timedelta

import pytest
from django.utils import timezone

from apps.notifications.models import Message
from apps.users.tasks import forget_old_messages

pytestmark = pytest.mark.django_db


def make_message(*, days_old: int, state: str) -> Message:
    message = Message.objects.create(
        kind="test", event_id=f"{state}-{days_old}", recipient="ada@example.com", language="en", state=state
    )
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - timedelta(days=days_old))
    return message


def test_mails_of_more_than_half_a_year_ago_are_forgotten_but_not_those_that_wait():
    make_message(days_old=181, state="sent")
    recent = make_message(days_old=179, state="sent")
    waiting = make_message(days_old=181, state="queued")

    forget_old_messages.call()

    assert set(Message.objects.all()) == {recent, waiting}
