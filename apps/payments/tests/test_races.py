"""Several hands at once: one effect, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from apps.core.invariants import audit
from apps.jobs.models import Job
from apps.orders.models import Order, OrderEvent
from apps.payments import services
from apps.payments.models import Payment, WebhookEvent
from apps.payments.sandbox import signature
from apps.payments.sandbox.bank import Decision, decide
from apps.payments.sandbox.callback import event_body
from apps.payments.sandbox.method import SandboxMethod
from apps.payments.tests.factories import book_entry, make_payment

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

HANDS = 8


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """Run the actions in threads of their own, released together; their results in order."""
    barrier = Barrier(len(actions))

    def run(action):
        barrier.wait()
        try:
            return action()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def test_one_event_delivered_by_many_is_kept_once():
    payment = make_payment()
    decide(payment_ref=payment.ref, decision=Decision.SUCCEED)
    body = event_body(book_entry(payment), event_id="evt_1", outcome="succeeded")
    headers = {signature.HEADER: signature.sign(body)}

    def deliver():
        url = "/payments/sandbox/webhook/"
        return Client().post(url, body, content_type="application/json", headers=headers).status_code

    assert at_once(*[deliver] * HANDS) == [200] * HANDS
    assert WebhookEvent.objects.count() == 1
    assert Job.objects.filter(task_path__endswith="apply_provider_event").count() == 1


def test_one_event_applied_by_many_has_one_effect():
    payment = make_payment()
    decide(payment_ref=payment.ref, decision=Decision.SUCCEED)
    event = WebhookEvent.objects.create(provider="sandbox", event_id="e", kind="x", payload={"payment": payment.ref})

    at_once(*[lambda: services.apply_event(event_id=event.pk)] * HANDS)

    assert list(OrderEvent.unscoped.values_list("kind", flat=True)) == ["paid"]
    assert Payment.unscoped.get().state == "succeeded"


def test_many_events_of_one_success_have_one_effect():
    payment = make_payment()
    decide(payment_ref=payment.ref, decision=Decision.SUCCEED)
    events = [
        WebhookEvent.objects.create(provider="sandbox", event_id=f"e{n}", kind="x", payload={"payment": payment.ref})
        for n in range(HANDS)
    ]

    at_once(*[lambda pk=event.pk: services.apply_event(event_id=pk) for event in events])

    assert list(OrderEvent.unscoped.values_list("kind", flat=True)) == ["paid"]
    assert WebhookEvent.objects.filter(applied_at__isnull=True).count() == 0


def test_of_two_buttons_pressed_at_once_one_decides():
    payment = make_payment()
    choices = [Decision.SUCCEED, Decision.DECLINE] * (HANDS // 2)

    results = at_once(*[lambda choice=choice: decide(payment_ref=payment.ref, decision=choice) for choice in choices])

    assert results.count(True) == 1
    assert Job.objects.count() == 1


@pytest.mark.parametrize("attempt", range(5))
def test_paying_and_withdrawing_at_once_never_both_succeed(attempt):
    payment = make_payment()

    paid, no_money_can_come = at_once(
        lambda: decide(payment_ref=payment.ref, decision=Decision.SUCCEED),
        lambda: SandboxMethod().close(payment.order),
    )

    assert paid != no_money_can_come
    assert book_entry(payment).outcome == ("succeeded" if paid else "closed")
    services.reconcile()
    assert Order.unscoped.get().status == ("paid" if paid else "awaiting_payment")
    assert [found for found in audit() if found.invariant.startswith("payments.")] == []
