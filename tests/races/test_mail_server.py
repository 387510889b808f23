"""Queue, messages and a real mail server together: it may be away, and workers may be killed around it."""

import pytest
from django.utils import timezone

from apps.jobs import periodic
from apps.jobs.models import Job
from apps.jobs.services import try_again
from apps.jobs.worker import Worker
from apps.notifications import services
from apps.notifications.models import Message
from apps.notifications.tests.smtp_sink import SmtpSink
from tests.support.mortal import in_process

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.one_database("postgres")]


@pytest.fixture
def smtp(settings, monkeypatch):
    monkeypatch.setattr(periodic, "_registered", {})
    with SmtpSink() as sink:
        settings.MAILERS = {
            "default": {
                "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "OPTIONS": {"host": "127.0.0.1", "port": sink.port, "timeout": 5},
            }
        }
        yield sink


def write(number=1):
    return services.send(
        kind="test.greeting",
        event_id=number,
        recipient=f"ann-{number}@example.com",
        template="users/messages/welcome",
        context={"shop_name": "Stoa", "site_url": "https://shop.example", "user": None},
        language="en",
    )


def work():
    Worker().drain()


def work_again():
    """As if the waits between two attempts were over."""
    Job.objects.filter(status="READY").update(run_after=timezone.now())
    work()


def test_a_mail_server_that_is_away_costs_time_but_no_mail(smtp):
    smtp.__exit__()
    for number in range(5):
        write(number)

    for _ in range(3):
        work_again()
    assert {(message.state, message.attempts) for message in Message.objects.all()} == {("queued", 3)}
    smtp.__enter__()
    work_again()
    work_again()

    assert sorted(mail["To"] for mail in smtp.mails) == [f"ann-{number}@example.com" for number in range(5)]
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


def test_after_ten_attempts_the_message_is_failed_and_staff_can_send_it_again(smtp):
    smtp.answer_to_data = "451 not now"
    message = write()

    for _ in range(12):
        work_again()
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("failed", 10)
    assert Job.objects.get().status == "FAILED"

    smtp.answer_to_data = "250 queued"
    services.send_again(message_id=message.pk)
    work()

    message.refresh_from_db()
    assert (message.state, len(smtp.messages)) == ("sent", 1)


@pytest.mark.parametrize(
    ("point", "mails"),
    [
        ("jobs.worker.claimed", 1),
        ("notifications.deliver.before_send", 1),
        ("notifications.deliver.after_send", 2),  # the one mail in flight, recognisable by its Message-ID
        ("jobs.worker.task_done", 1),
    ],
)
def test_a_worker_killed_around_a_delivery_loses_no_mail(smtp, point, mails):
    write(1)
    write(2)

    assert in_process(work, crash_at=point) == "killed"
    assert in_process(work) == "done"

    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    assert len(smtp.messages) == mails + 1
    assert len({mail["Message-ID"] for mail in smtp.mails}) == 2
    assert set(Job.objects.values_list("status", flat=True)) == {"SUCCESSFUL"}


def test_a_job_tried_again_by_hand_sends_a_message_that_had_failed(smtp):
    message = write()
    Message.objects.update(state="failed")
    Job.objects.update(status="FAILED", worker_ids=["a"] * 10)

    try_again(job_id=Job.objects.get().pk)
    work()

    message.refresh_from_db()
    assert (message.state, len(smtp.messages)) == ("sent", 1)
