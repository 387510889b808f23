from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.template import TemplateDoesNotExist
from django.utils import timezone, translation

from .. import conf, services
from ..models import Message, State

pytestmark = pytest.mark.django_db


def test_a_message_is_written_in_three_parts_and_one_delivery_is_enqueued(write, queued):
    message = write()

    assert Message.objects.get() == message
    assert (message.state, message.channel, message.language) == ("queued", "email", "en")
    assert message.subject == "Monday: Ann & more"
    assert message.text == "Monday\n\nDear Ann, see https://shop.example/orders/\n"
    assert "<p>Dear Ann</p>" in message.html
    assert [result.kwargs for result in queued] == [{"message_id": message.pk, "delivery": 1}]


def test_the_same_event_is_told_once(write, queued):
    first = write()
    second = write(context={"name": "Somebody else"}, language="de")

    assert second == first
    assert second.subject == "Monday: Ann & more"
    assert (Message.objects.count(), len(queued)) == (1, 1)


def test_another_event_kind_or_recipient_is_another_message(write, queued):
    write()
    write(event_id="event-2")
    write(kind="farewell")
    write(recipient="bob@example.com")

    assert (Message.objects.count(), len(queued)) == (4, 4)


def test_two_writers_of_the_same_event_make_one_message(write, queued, monkeypatch):
    """The second has looked before the first had written."""
    write()
    monkeypatch.setattr(Message.objects, "filter", lambda **kwargs: Message.objects.none())

    write()

    monkeypatch.undo()
    assert (Message.objects.count(), len(queued)) == (1, 1)


def test_a_message_goes_with_the_transaction_that_wrote_it(write):
    with pytest.raises(RuntimeError), transaction.atomic():
        write()
        raise RuntimeError

    assert Message.objects.count() == 0


def test_a_message_speaks_its_own_language_and_leaves_the_callers_alone(write, queued):
    with translation.override("fr"):
        message = write(language="de")
        assert translation.get_language() == "fr"

    assert message.subject == "Montag: Ann & more"
    assert '<html lang="de">' in message.html


def test_text_is_not_escaped_and_html_is(write, queued):
    message = write(context={"name": "O'Neil <b>"})

    assert "Dear O'Neil <b>," in message.text
    assert "Dear O&#x27;Neil &lt;b&gt;" in message.html
    assert "Kiln &amp; Co" in message.html


def test_a_name_can_not_start_a_second_header(write, queued):
    message = write(context={"name": "Ann\r\nBcc: everyone@example.com"})

    assert message.subject == "Monday: Ann Bcc: everyone@example.com & more"


@pytest.mark.parametrize("recipient", ["", "nobody", "a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example"])
def test_what_is_no_address_is_refused_and_nothing_is_written(write, queued, recipient):
    with pytest.raises(services.InvalidRecipientError):
        write(recipient=recipient)

    assert (Message.objects.count(), len(queued)) == (0, 0)


def test_without_an_html_template_the_text_is_shown_with_its_links(write, queued):
    html = write(template="greetings/plain").html

    assert '<a href="https://shop.example/a?b=1" rel="nofollow">https://shop.example/a?b=1</a> &lt;now&gt;' in html


def test_a_missing_template_is_an_error_and_nothing_is_written(write, queued):
    with pytest.raises(TemplateDoesNotExist):
        write(template="greetings/none")

    assert Message.objects.count() == 0


def test_an_erased_account_leaves_its_messages(write, queued):
    user = get_user_model().objects.create(email="ann@example.com")
    write(user_id=user.pk)

    user.delete()

    assert Message.objects.get().user_id is None


@pytest.mark.parametrize(
    ("state", "again", "discarded"),
    [("queued", False, True), ("failed", True, True), ("sent", True, False), ("discarded", False, False)],
)
def test_staff_may_only_do_what_the_state_allows(write, queued, state, again, discarded):
    message = write()
    Message.objects.update(state=state)
    message.refresh_from_db()

    assert (message.can_be_sent_again, message.can_be_discarded) == (again, discarded)
    for service, allowed, becomes in (
        (services.send_again, again, "queued"),
        (services.discard, discarded, "discarded"),
    ):
        Message.objects.update(state=state)
        if allowed:
            service(message_id=message.pk)
        else:
            with pytest.raises(services.MoveRefusedError):
                service(message_id=message.pk)
        assert Message.objects.get().state == (becomes if allowed else state)


def test_sending_again_starts_a_new_delivery(write, queued):
    message = write()
    Message.objects.update(state=State.SENT, attempts=3, sent_at=timezone.now())

    services.send_again(message_id=message.pk)

    assert [result.kwargs["delivery"] for result in queued] == [1, 2]
    message.refresh_from_db()
    assert (message.delivery, message.attempts, message.sent_at) == (2, 0, None)


def test_a_discarded_secret_is_forgotten(write, queued):
    message = write(secret=True)

    services.discard(message_id=message.pk)

    message.refresh_from_db()
    assert (message.state, message.subject, message.text, message.html) == ("discarded", "", "", "")


def test_a_secret_that_was_sent_can_not_be_sent_again(write, queued):
    message = write(secret=True)
    Message.objects.update(state=State.SENT, subject="", text="", html="")

    with pytest.raises(services.MoveRefusedError):
        services.send_again(message_id=message.pk)

    assert (Message.objects.get().state, len(queued)) == ("sent", 1)


def test_the_database_itself_keeps_no_secret_that_was_sent(write, queued):
    write(secret=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.update(state=State.SENT)


def test_the_database_itself_knows_the_states(write, queued):
    write()

    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.update(state="half-way")


def test_pruning_deletes_old_messages_but_none_that_is_still_queued(write, queued):
    for number, (state, days) in enumerate([("sent", 40), ("sent", 20), ("queued", 40), ("failed", 40)]):
        message = write(event_id=number)
        long_ago = timezone.now() - timedelta(days=days)
        Message.objects.filter(pk=message.pk).update(state=state, created_at=long_ago)

    assert services.prune(timedelta(days=30)) == 2

    assert sorted(Message.objects.values_list("event_id", flat=True)) == ["1", "2"]


def test_an_option_that_does_not_exist_is_an_error(settings):
    settings.NOTIFICATIONS = {"SITE_ULR": "https://shop.example"}

    with pytest.raises(ImproperlyConfigured, match="SITE_ULR"):
        conf.check_names()
