"""Files that go with a message: stored as a reference, made at delivery."""

import pytest
from django.core import mail

from .. import attachments
from ..attachments import Attachment, AttachmentRef, UnknownKindError
from ..delivery import deliver_message
from ..models import Message

pytestmark = pytest.mark.django_db

BILL = AttachmentRef("billing.bill", "17")


@pytest.fixture(autouse=True)
def _dummy_queue(queued):
    """Deliveries are made by hand in here."""


@pytest.fixture
def asked(monkeypatch):
    """Which bills were asked for; each is a small PDF."""
    references = []

    def make(reference):
        references.append(reference)
        return Attachment(f"Bill {reference} ü.pdf", b"%PDF-1.7 \x00\xff", "application/pdf")

    monkeypatch.setattr(attachments, "_resolvers", {})
    attachments.register("billing.bill", make)
    return references


def deliver(message):
    deliver_message(message_id=message.pk, delivery=message.delivery)
    message.refresh_from_db()


def test_a_message_stores_a_reference_and_makes_nothing(write, asked):
    message = write(attachments=[BILL])

    assert message.attachments == [{"kind": "billing.bill", "ref": "17"}]
    assert asked == []


def test_the_file_arrives_with_both_parts_of_the_mail(write, by_smtp, asked):
    message = write(attachments=[BILL])

    deliver(message)

    (received,) = by_smtp.mails
    (file,) = received.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("Bill 17 ü.pdf", "application/pdf")
    assert file.get_content() == b"%PDF-1.7 \x00\xff"
    assert "Dear Ann" in received.get_body(["plain"]).get_content()
    assert "<p>Dear Ann</p>" in received.get_body(["html"]).get_content()
    assert (message.state, asked) == ("sent", ["17"])


def test_a_message_without_files_has_none(write, by_smtp, asked):
    deliver(write())

    (received,) = by_smtp.mails
    assert list(received.iter_attachments()) == []


def test_a_mail_goes_without_a_file_that_there_is_not_after_all(write, by_smtp, monkeypatch):
    monkeypatch.setattr(attachments, "_resolvers", {"billing.bill": lambda reference: None})

    deliver(write(attachments=[BILL]))

    (received,) = by_smtp.mails
    assert list(received.iter_attachments()) == []


def test_a_file_that_can_not_be_made_yet_puts_the_mail_off(write, monkeypatch):
    def not_yet(reference):
        raise LookupError("The bill is not written yet.")

    monkeypatch.setattr(attachments, "_resolvers", {"billing.bill": not_yet})
    message = write(attachments=[BILL])

    with pytest.raises(LookupError):
        deliver(message)

    message.refresh_from_db()
    assert (message.state, message.attempts, mail.outbox) == ("queued", 1, [])
    assert message.last_error == "LookupError: The bill is not written yet."


def test_a_kind_that_nobody_makes_puts_the_mail_off_too(write, asked):
    message = write(attachments=[AttachmentRef("weather.map", "1")])

    with pytest.raises(UnknownKindError):
        deliver(message)

    message.refresh_from_db()
    assert (message.state, mail.outbox) == ("queued", [])
    assert message.last_error == "UnknownKindError: Nobody makes attachments of the kind weather.map."


def test_told_twice_the_first_message_keeps_its_files(write, asked):
    first = write(attachments=[BILL])

    assert write(attachments=[]).pk == first.pk
    assert Message.objects.get().attachments == [BILL.as_dict()]
