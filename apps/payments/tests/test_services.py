"""What a provider says becomes the truth of payment and order, once, in whatever order it is told."""

from datetime import timedelta
from itertools import permutations

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.catalog.models import Stock
from apps.core.invariants import audit
from apps.orders import services as orders
from apps.orders.models import Order, OrderEvent
from apps.orders.tests.factories import make_order as make_placed_order
from apps.payments import services
from apps.payments.models import Payment, Refund, SandboxTransaction, WebhookEvent
from apps.payments.sandbox.bank import Decision, decide
from apps.payments.sandbox.method import SandboxMethod
from apps.payments.tests.factories import book_entry, make_order, make_payment

pytestmark = pytest.mark.django_db


def make_event(payment, *, event_id: str = "", kind: str = "payment.succeeded") -> WebhookEvent:
    """An event of the payment's last decision, or with another id."""
    return WebhookEvent.objects.create(
        provider="sandbox",
        event_id=event_id or book_entry(payment).event_id,
        kind=kind,
        payload={"payment": payment.ref},
    )


def decide_and_apply(payment, decision: Decision) -> WebhookEvent:
    decide(payment_ref=payment.ref, decision=decision)
    event = make_event(payment)
    services.apply_event(event_id=event.pk)
    event.refresh_from_db()
    return event


def kinds(order) -> list[str]:
    return list(OrderEvent.unscoped.filter(order=order).values_list("kind", flat=True))


def broken() -> list[str]:
    return [str(found) for found in audit() if found.invariant.startswith("payments.")]


def test_a_success_makes_the_payment_succeeded_and_the_order_paid():
    payment = make_payment()

    event = decide_and_apply(payment, Decision.SUCCEED)

    created = payment.updated_at
    payment.refresh_from_db()
    order = Order.unscoped.get(pk=payment.order_id)
    assert (payment.state, order.status, order.attention) == ("succeeded", "paid", "")
    assert payment.updated_at > created
    assert event.applied_at is not None
    assert event.outcome == "succeeded"
    assert kinds(order) == ["paid"]
    assert broken() == []


def test_a_decline_leaves_the_order_waiting_and_open_for_the_next_attempt():
    payment = make_payment()

    decide_and_apply(payment, Decision.DECLINE)

    payment.refresh_from_db()
    order = Order.unscoped.get(pk=payment.order_id)
    assert (payment.state, order.status) == ("failed", "awaiting_payment")
    assert kinds(order) == ["payment_failed"]

    second = make_payment(order=order)
    decide_and_apply(second, Decision.SUCCEED)

    order.refresh_from_db()
    assert (second.attempt, order.status) == (2, "paid")
    assert kinds(order) == ["payment_failed", "paid"]
    assert broken() == []


def test_a_pending_payment_is_told_to_the_order_and_succeeds_later():
    payment = make_payment()

    decide_and_apply(payment, Decision.PENDING)
    order = Order.unscoped.get(pk=payment.order_id)
    payment.refresh_from_db()
    assert (payment.state, order.status) == ("pending", "awaiting_payment")

    decide_and_apply(payment, Decision.SUCCEED)
    order.refresh_from_db()
    assert order.status == "paid"
    assert kinds(order) == ["payment_pending", "paid"]


def test_an_applied_event_does_nothing_again():
    payment = make_payment()
    event = decide_and_apply(payment, Decision.SUCCEED)
    version = Order.unscoped.get(pk=payment.order_id).version

    services.apply_event(event_id=event.pk)

    assert Order.unscoped.get(pk=payment.order_id).version == version
    assert kinds(payment.order) == ["paid"]


@pytest.mark.parametrize(
    "order_of_arrival", list(permutations(["pending", "success", "success again", "pending again"]))
)
def test_whatever_the_order_of_arrival_the_end_is_the_same(order_of_arrival):
    payment = make_payment()
    decide(payment_ref=payment.ref, decision=Decision.PENDING)
    decide(payment_ref=payment.ref, decision=Decision.SUCCEED)

    for name in order_of_arrival:
        services.apply_event(event_id=make_event(payment, event_id=f"evt_{name}").pk)

    payment.refresh_from_db()
    assert payment.state == "succeeded"
    assert kinds(payment.order) == ["paid"]
    assert broken() == []


def test_an_event_is_a_hint_and_the_book_is_the_truth():
    payment = make_payment()
    event = make_event(payment, event_id="evt_lie", kind="payment.succeeded")

    services.apply_event(event_id=event.pk)

    event.refresh_from_db()
    payment.refresh_from_db()
    assert event.outcome == "not decided yet"
    assert payment.state == "created"
    assert Order.unscoped.get().status == "awaiting_payment"
    assert kinds(payment.order) == []


def test_an_event_of_an_unknown_payment_is_kept_without_effect():
    event = WebhookEvent.objects.create(provider="sandbox", event_id="evt_x", kind="x", payload={"payment": "nobody"})

    services.apply_event(event_id=event.pk)

    event.refresh_from_db()
    assert event.outcome == "unknown payment"
    assert event.applied_at is not None


def refund_of(payment) -> tuple[str, str, bool, int, str]:
    """The one refund of a payment: its origin, reason, whether the order's own money, amount and currency."""
    refund = Refund.unscoped.get(payment=payment)
    return refund.origin, refund.reason, refund.for_order, refund.amount, refund.currency


@pytest.mark.parametrize("column", [{"amount": 1}, {"amount": 3689}, {"currency": "USD"}])
def test_another_amount_or_currency_never_pays_the_order_and_goes_back_in_full(column):
    payment = make_payment()
    decide(payment_ref=payment.ref, decision=Decision.SUCCEED)
    SandboxTransaction.objects.update(**column)
    event = make_event(payment)

    services.apply_event(event_id=event.pk)

    event.refresh_from_db()
    payment.refresh_from_db()
    order = Order.unscoped.get()
    came = {"amount": 3688, "currency": "EUR", **column}
    assert event.outcome == "wrong_amount"
    assert (payment.state, payment.applied) == ("succeeded", False)
    assert (payment.captured, payment.refunded, payment.currency) == (came["amount"], came["amount"], came["currency"])
    assert refund_of(payment) == ("rule", "wrong_amount", False, came["amount"], came["currency"])
    assert order.status == "awaiting_payment"
    assert order.attention != ""
    assert broken() == []


def test_a_book_entry_of_another_order_moves_nothing_and_shows_in_the_audit():
    payment = make_payment()
    decide(payment_ref=payment.ref, decision=Decision.SUCCEED)
    SandboxTransaction.objects.update(description="0000-0000")
    event = make_event(payment)

    services.apply_event(event_id=event.pk)

    event.refresh_from_db()
    assert event.outcome == "the provider names another order"
    assert Order.unscoped.get().status == "awaiting_payment"
    assert len(broken()) == 1


def expired_order(*, pieces_left: bool = True):
    """A real order, because taking it up again holds its pieces again."""
    order = make_placed_order()
    Order.unscoped.update(hold_expires_at=timezone.now())
    payment = Payment.unscoped.get(order=order)
    assert orders.expire_order(order_id=order.pk) is True
    if not pieces_left:
        Stock.objects.update(on_hand=0)
    return payment


def pay_late(payment) -> None:
    SandboxTransaction.objects.filter(payment_ref=payment.ref).update(outcome="succeeded", event_id="evt_late")
    services.apply_event(event_id=make_event(payment).pk)
    payment.refresh_from_db()


def test_money_for_an_expired_order_takes_it_up_again_if_its_pieces_can_be_held():
    payment = expired_order()

    pay_late(payment)

    order = Order.unscoped.get()
    assert (payment.state, payment.applied, payment.refunded) == ("succeeded", True, 0)
    assert (order.status, order.attention) == ("paid", "")
    assert Stock.objects.get(variant=order.lines.get().variant).reserved == 1
    assert kinds(order) == ["placed", "expired", "reopened", "paid"]
    assert audit() == []


def test_money_for_an_expired_order_goes_back_in_full_if_its_pieces_are_gone():
    payment = expired_order(pieces_left=False)

    pay_late(payment)

    order = Order.unscoped.get()
    assert (payment.state, payment.applied) == ("succeeded", False)
    assert refund_of(payment) == ("rule", "too_late", False, order.total, "EUR")
    assert (order.status, order.payment_state) == ("expired", "awaiting")
    assert order.attention != ""
    assert broken() == []


def test_money_for_a_cancelled_order_goes_back_in_full():
    payment = make_payment()
    decide(payment_ref=payment.ref, decision=Decision.SUCCEED)
    Order.unscoped.update(closure="cancelled", status="cancelled")

    services.apply_event(event_id=make_event(payment).pk)

    payment.refresh_from_db()
    order = Order.unscoped.get()
    assert (payment.state, payment.applied) == ("succeeded", False)
    assert refund_of(payment) == ("rule", "too_late", False, 3688, "EUR")
    assert (order.status, order.payment_state) == ("cancelled", "awaiting")
    assert order.attention != ""
    assert broken() == []


def test_a_second_success_of_a_paid_order_goes_back_in_full():
    first = make_payment()
    decide_and_apply(first, Decision.DECLINE)
    second = make_payment(order=first.order)
    decide_and_apply(second, Decision.SUCCEED)
    SandboxTransaction.objects.filter(payment_ref=first.ref).update(outcome="succeeded")

    services.apply_event(event_id=make_event(first, event_id="evt_late").pk)

    order = Order.unscoped.get()
    assert refund_of(first) == ("rule", "twice", False, 3688, "EUR")
    assert list(Payment.unscoped.order_by("attempt").values_list("applied", "captured", "refunded")) == [
        (False, 3688, 3688),
        (True, 3688, 0),
    ]
    assert order.status == "paid"
    assert order.attention != ""
    assert broken() == []


def test_the_audit_finds_every_way_in_which_money_can_be_astray():
    kept, unpaid, empty, uncounted = [make_payment() for _ in range(4)]
    rows = Payment.unscoped
    rows.filter(pk=kept.pk).update(state="succeeded", captured=3688)
    rows.filter(pk=unpaid.pk).update(state="succeeded", captured=3688, applied=True)
    rows.filter(pk=empty.pk).update(state="succeeded", applied=False)
    rows.filter(pk=uncounted.pk).update(state="succeeded", captured=3688, refunded=3688)

    assert {(found.invariant, found.detail) for found in audit() if found.invariant.startswith("payments.")} == {
        ("payments.captured_is_success", f"Payment {empty.ref} is succeeded and has captured 0."),
        (
            "payments.money_reaches_order_or_goes_back",
            f"Payment {kept.ref} does not pay order {kept.order.number}, and its money is not going back.",
        ),
        (
            "payments.money_reaches_order_or_goes_back",
            f"Payment {unpaid.ref} pays order {unpaid.order.number}, but the order is not paid.",
        ),
        (
            "payments.refunded_is_its_refunds",
            f"Payment {uncounted.ref} counts 3688 as refunded, its refunds are 0.",
        ),
    }


def test_reconciling_takes_in_what_no_webhook_brought():
    payments = [make_payment() for _ in range(3)]
    decisions = zip(payments, [Decision.SUCCEED, Decision.DECLINE, Decision.PENDING], strict=True)
    for payment, decision in decisions:
        decide(payment_ref=payment.ref, decision=decision)

    result = services.reconcile()

    assert (result.applied, result.failed) == (3, 0)
    states = [Payment.unscoped.get(pk=payment.pk).state for payment in payments]
    assert states == ["succeeded", "failed", "pending"]
    assert [Order.unscoped.get(pk=payment.order_id).status for payment in payments] == [
        "paid",
        "awaiting_payment",
        "awaiting_payment",
    ]


def test_the_webhook_that_comes_after_reconciling_is_a_repeat():
    payment = make_payment()
    decide(payment_ref=payment.ref, decision=Decision.SUCCEED)
    services.reconcile(books=False)

    event = WebhookEvent.objects.get()
    assert event.event_id == book_entry(payment).event_id

    assert services.reconcile(books=False) == services.Reconciliation()
    assert kinds(payment.order) == ["paid"]


def test_reconciling_applies_events_whose_job_was_lost():
    payment = make_payment()
    decide(payment_ref=payment.ref, decision=Decision.SUCCEED)
    make_event(payment)

    assert services.reconcile().applied == 1
    assert Order.unscoped.get().status == "paid"


def test_an_event_that_can_not_be_applied_does_not_stop_the_others(monkeypatch):
    WebhookEvent.objects.create(provider="nobody", event_id="evt_1", kind="x", payload={"payment": "x"})
    broken_payment = make_payment()
    Payment.unscoped.filter(pk=broken_payment.pk).update(method="gone")
    WebhookEvent.objects.create(provider="gone", event_id="evt_2", kind="x", payload={"payment": broken_payment.ref})
    payment = make_payment()
    decide(payment_ref=payment.ref, decision=Decision.SUCCEED)

    result = services.reconcile()

    assert (result.applied, result.failed) == (1, 2)
    assert Order.unscoped.get(pk=payment.order_id).status == "paid"


def test_the_command_says_what_it_did(capsys):
    payment = Payment.unscoped.get(order=make_placed_order())
    decide(payment_ref=payment.ref, decision=Decision.SUCCEED)

    call_command("reconcile")

    assert capsys.readouterr().out == (
        "1 events applied, 0 open payments moved, 0 refunds asked for again, 0 problems for staff, 0 failed.\n"
    )


def test_an_attempt_opened_while_the_order_was_closed_is_withdrawn():
    from apps.jobs.models import Job
    from apps.orders import signals

    payment = make_payment()

    signals.order_expired.send(Order, order_id=payment.order_id, event_id=1)

    job = Job.objects.get(task_path__startswith="apps.payments.")
    job.task.call(*job.args_kwargs["args"])
    payment.refresh_from_db()
    assert payment.state == "closed"
    assert book_entry(payment).outcome == "closed"


def test_closing_an_order_without_open_attempts_asks_for_no_job():
    from apps.jobs.models import Job
    from apps.orders import signals

    payment = make_payment()
    SandboxMethod().close(payment.order)

    signals.order_expired.send(Order, order_id=payment.order_id, event_id=1)

    assert not Job.objects.filter(task_path__startswith="apps.payments.").exists()


def test_the_audit_finds_a_paid_order_without_a_payment_and_an_event_left_waiting():
    make_order(payment_state="paid", status="paid")
    WebhookEvent.objects.create(provider="sandbox", event_id="evt_1", kind="x")
    WebhookEvent.objects.update(received_at=timezone.now() - timedelta(hours=2))

    assert sorted(found.invariant for found in audit() if found.invariant.startswith("payments.")) == [
        "payments.events_applied",
        "payments.paid_order_has_payment",
    ]


def test_an_order_that_cost_nothing_needs_no_payment():
    make_order(total=0, payment_state="paid", status="paid")

    assert broken() == []
