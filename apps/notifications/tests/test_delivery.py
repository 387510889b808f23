import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from .. import services
from ..delivery import deliver_message
from ..models import Message, State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _dummy_queue(queued):
    """Deliveries are made by hand in here."""


def deliver(message, delivery=1):
    deliver_message(message_id=message.pk, delivery=delivery)
    message.refresh_from_db()


def test_a_mail_has_both_parts_and_says_that_no_person_wrote_it(write, by_smtp):
    message = write(context={"name": "Žofie €"})

    deliver(message)

    (received,) = by_smtp.mails
    assert (received["To"], received["Subject"]) == ("ann@example.com", "Monday: Žofie € & more")
    assert (received["Content-Language"], received["Auto-Submitted"]) == ("en", "auto-generated")
    assert received["Message-ID"].startswith(f"<message-{message.pk}-")
    assert received["Message-ID"].endswith("@shop.example>")
    assert "Dear Žofie €, see" in received.get_body(["plain"]).get_content()
    assert "<p>Dear Žofie €</p>" in received.get_body(["html"]).get_content()
    assert (message.state, message.attempts, message.last_error) == ("sent", 1, "")
    assert message.sent_at is not None


def test_a_sent_message_is_not_sent_a_second_time(write):
    message = write()

    deliver(message)
    deliver(message)

    assert len(mail.outbox) == 1
    assert message.attempts == 1


def test_the_content_of_a_secret_is_deleted_once_it_is_sent(write):
    message = write(secret=True)

    deliver(message)

    assert mail.outbox[0].subject == "Monday: Ann & more"
    assert (message.state, message.subject, message.text, message.html) == ("sent", "", "", "")


def test_an_older_job_finds_nothing_to_do_after_send_again(write):
    message = write()
    Message.objects.update(state=State.FAILED)
    services.send_again(message_id=message.pk)

    deliver(message, delivery=1)
    assert (message.state, mail.outbox) == ("queued", [])

    deliver(message, delivery=2)
    assert (message.state, len(mail.outbox)) == ("sent", 1)


def test_sent_again_a_mail_is_a_new_one_for_the_reader(write):
    message = write()
    deliver(message)
    services.send_again(message_id=message.pk)
    deliver(message, delivery=2)

    first, second = (email.extra_headers["Message-ID"] for email in mail.outbox)
    assert first != second


def test_a_discarded_message_is_never_sent(write):
    message = write()
    services.discard(message_id=message.pk)

    deliver(message)

    assert (message.state, mail.outbox) == ("discarded", [])


def test_a_server_that_is_away_leaves_the_message_queued_with_the_error(write, by_smtp):
    message = write()
    by_smtp.__exit__()

    for attempt in (1, 2):
        with pytest.raises(OSError):
            deliver_message(message_id=message.pk, delivery=1)
        message.refresh_from_db()
        assert (message.state, message.attempts) == ("queued", attempt)
    assert message.last_error.startswith("ConnectionRefusedError: ")

    by_smtp.__enter__()
    deliver(message)
    assert (message.state, message.attempts, message.last_error) == ("sent", 3, "")
    assert len(by_smtp.messages) == 1


def test_a_passing_refusal_is_tried_again(write, by_smtp):
    message = write()
    by_smtp.answer_to_data = "451 come back later"

    with pytest.raises(OSError):
        deliver_message(message_id=message.pk, delivery=1)

    message.refresh_from_db()
    assert (message.state, message.last_error) == ("queued", "SMTPDataError: (451, b'come back later')")


def test_an_address_that_is_refused_for_good_fails_at_once(write, by_smtp):
    message = write()
    by_smtp.answer_to_recipient = "550 no such user"

    deliver(message)

    assert (message.state, message.attempts) == ("failed", 1)
    assert "no such user" in message.last_error


def test_of_a_secret_only_the_code_of_the_refusal_is_kept(write, by_smtp):
    message = write(secret=True)
    by_smtp.answer_to_data = "554 your mail said 123456"

    with pytest.raises(OSError):
        deliver_message(message_id=message.pk, delivery=1)

    message.refresh_from_db()
    assert message.last_error == "SMTPDataError: 554"
    assert message.text != ""  # kept until it is sent or discarded


def test_after_the_last_attempt_the_message_is_failed(write, settings, smtp):
    """Django's own immediate backend makes one attempt and tells of its end by the same signal."""
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 1},
        }
    }

    message = write()

    message.refresh_from_db()
    assert (message.state, message.attempts) == ("failed", 1)
    assert message.last_error.startswith("ConnectionRefusedError")


def test_on_the_immediate_backend_a_message_is_sent_at_once(write, settings):
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}

    message = write()

    message.refresh_from_db()
    assert (message.state, len(mail.outbox)) == ("sent", 1)


def test_the_failed_job_of_another_task_touches_no_message(write):
    message = write()

    services.give_up(message_id=message.pk, delivery=2, reason="ValueError")

    message.refresh_from_db()
    assert (message.state, message.last_error) == ("queued", "")


def test_the_crash_points_are_told_in_order(write, settings):
    names.clear()
    settings.NOTIFICATIONS = {**settings.NOTIFICATIONS, "CRASH_POINT": f"{__name__}.note"}

    deliver(write())

    assert names == [
        "notifications.send.row_written",
        "notifications.deliver.before_send",
        "notifications.deliver.after_send",
    ]


names = []


def note(name):
    names.append(name)


def test_each_mail_is_sent_over_the_mailer_and_from_the_address_that_the_options_name(write, settings):
    settings.NOTIFICATIONS = {**settings.NOTIFICATIONS, "FROM_EMAIL": "Kiln <hello@shop.example>"}

    deliver(write())

    assert isinstance(mail.outbox[0], EmailMultiAlternatives)
    assert mail.outbox[0].from_email == "Kiln <hello@shop.example>"
