"""From the button to the paid order over real HTTP: the job calls the shop, the shop's job asks the bank's book."""

import socket
from contextlib import closing

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.jobs.models import Job
from apps.orders.models import Order
from apps.payments.models import Payment, WebhookEvent
from apps.payments.sandbox.bank import Decision, decide
from apps.payments.tests.factories import make_payment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nothing_runs_by_itself(monkeypatch):
    """Else `reconcile` would bring what the webhook is to bring here."""
    monkeypatch.setattr("apps.jobs.periodic._registered", {})


def work() -> None:
    call_command("worker", "--once", verbosity=0)


def deliveries():
    return Job.objects.filter(task_path__endswith="deliver_webhook")


def make_retries_due() -> None:
    Job.objects.filter(status=Job.Status.READY).update(run_after=timezone.now())


@pytest.mark.parametrize(
    ("decision", "payment_state", "order_status"),
    [
        (Decision.SUCCEED, "succeeded", "paid"),
        (Decision.DECLINE, "failed", "awaiting_payment"),
        (Decision.PENDING, "pending", "awaiting_payment"),
    ],
)
def test_a_decision_reaches_the_order_over_http(live_server, settings, decision, payment_state, order_status):
    settings.SITE_URL = live_server.url
    payment = make_payment()

    decide(payment_ref=payment.ref, decision=decision)
    work()

    assert Payment.unscoped.get().state == payment_state
    assert Order.unscoped.get().status == order_status
    assert WebhookEvent.objects.get().outcome == payment_state
    assert deliveries().get().status == Job.Status.SUCCESSFUL


def test_an_event_delivered_twice_has_one_effect(live_server, settings):
    settings.SITE_URL = live_server.url
    payment = make_payment()
    decide(payment_ref=payment.ref, decision=Decision.SUCCEED)
    work()
    version = Order.unscoped.get().version

    job = deliveries().get()
    job.task.call(*job.args_kwargs["args"])
    work()

    assert WebhookEvent.objects.count() == 1
    assert Order.unscoped.get().version == version


def test_while_the_shop_does_not_answer_the_delivery_is_tried_again(live_server, settings):
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        closed_port = taken.getsockname()[1]
    settings.SITE_URL = f"http://127.0.0.1:{closed_port}"
    payment = make_payment()
    decide(payment_ref=payment.ref, decision=Decision.SUCCEED)

    work()
    job = deliveries().get()
    assert (job.status, job.attempts) == (Job.Status.READY, 1)
    assert job.run_after > timezone.now()
    assert Order.unscoped.get().status == "awaiting_payment"

    settings.SITE_URL = live_server.url
    make_retries_due()
    work()
    assert Order.unscoped.get().status == "paid"


def test_a_refusal_of_the_shop_is_tried_again(live_server, settings, monkeypatch):
    settings.SITE_URL = live_server.url
    payment = make_payment()
    decide(payment_ref=payment.ref, decision=Decision.SUCCEED)
    monkeypatch.setattr("apps.payments.sandbox.signature.sign", lambda body: "t=1,v1=00")

    work()

    assert deliveries().get().status == Job.Status.READY
    assert not WebhookEvent.objects.exists()
