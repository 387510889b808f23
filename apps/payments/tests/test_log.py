"""What the log says of a provider that can't be asked or says no: whose, about what, and nothing of a buyer."""

import logging

import pytest

from apps.payments import services
from apps.payments.gateways import GatewayRefused, GatewayUnavailable, _gateways
from apps.payments.models import Payment, WebhookEvent
from apps.payments.services import capturing, refunds
from apps.payments.tests.factories import make_payment
from apps.payments.tests.refunded_orders import make_paid_order, refund

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]


class Away:
    """A provider that refuses what it is asked to do and does not answer what it is asked to tell."""

    code = "sandbox"

    def doubts(self, payload):
        return ""

    def settlement(self, payment, *, patient=True):
        raise GatewayUnavailable

    def missed_events(self):
        raise GatewayUnavailable

    def capture(self, payment):
        raise GatewayRefused("The card of Ada Lovelace is gone.")

    def refund(self, made):
        raise GatewayRefused("The card of Ada Lovelace is gone.")


@pytest.fixture
def told(monkeypatch, caplog):
    """What was said since: how bad, what, and whether with the place where it happened."""

    def _told():
        assert "Ada" not in caplog.text
        ours = [record for record in caplog.records if record.name == "stoa.payments"]
        return [(record.levelno, record.getMessage(), bool(record.exc_info)) for record in ours]

    return _told


@pytest.fixture
def away(monkeypatch):
    def _away():
        monkeypatch.setitem(_gateways, "sandbox", Away())

    return _away


def test_reconciliation_tells_which_provider_event_and_payment_it_could_not_ask_about(told, away):
    payment = make_payment()
    Payment.unscoped.update(asked_at=payment.created_at)
    event = WebhookEvent.objects.create(
        provider="sandbox", event_id="evt_1", kind="x", payload={"payment": payment.ref}
    )
    away()

    done = services.reconcile(books=False)

    assert (done.applied, done.moved, done.failed) == (0, 0, 3)
    assert told() == [
        (logging.ERROR, "Provider sandbox can't be asked for what was missed", True),
        (logging.ERROR, f"Provider event {event.pk} can't be applied", True),
        (logging.ERROR, f"Payment id {payment.pk} can't be checked", True),
    ]


def test_money_that_the_provider_does_not_take_is_told_by_its_reference(told, away):
    payment = make_payment()
    Payment.unscoped.update(state="authorised", capture_asked_at=payment.created_at)
    away()

    with pytest.raises(GatewayUnavailable):
        capturing.take_authorised(payment_id=payment.pk)

    assert told() == [(logging.WARNING, f"Payment {payment.ref} can't be captured", False)]
    payment.refresh_from_db()
    assert (payment.capture_asked_at, payment.failure) == (None, "The card of Ada Lovelace is gone.")


def test_a_refund_that_the_provider_refuses_is_told_by_its_reference_and_order(told, away):
    order = make_paid_order()
    made = refund(order, extra=500)
    away()

    with pytest.raises(GatewayUnavailable):
        refunds.send_refund(refund_id=made.pk)

    assert told() == [(logging.WARNING, f"The provider refused refund {made.ref} of order {order.number}", False)]
    made.refresh_from_db()
    assert (made.state, made.failure) == ("failed", "The card of Ada Lovelace is gone.")
