"""Without a single webhook, one run brings everything to where Stripe is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.core.invariants import audit
from apps.jobs.models import Job
from apps.orders import services as orders
from apps.orders.models import Order, OrderLine
from apps.orders.tests.factories import make_order as place_order
from apps.payments import services, tasks
from apps.payments.fake_stripe import cards
from apps.payments.models import Dispute, Payment, Problem, Refund, WebhookEvent
from apps.payments.services import problems
from apps.payments.stripe.gateway import StripeGateway
from apps.payments.tests.stripe.shop import bare_order, broken, fresh, kinds, order_of, placed, started, take_in, work

pytestmark = pytest.mark.django_db

CREATE = "POST /v1/checkout/sessions"


@pytest.fixture
def no_webhooks(stripe):
    stripe.control.fault("drop", count=None)
    return stripe


def forget_events(stripe) -> None:
    """As if Stripe had never written them, which happens rarely."""
    for event in list(stripe.account.each("event")):
        stripe.account.rows.pop(event["id"])
    stripe.account._by_kind["event"].clear()


def test_every_quarter_of_an_hour_payments_are_asked_for_and_every_day_the_books(no_webhooks):
    paid = placed()
    no_webhooks.control.pay(paid.session_ref)
    OrderLine.unscoped.filter(order=paid.order).update(tax=1)
    tasks.reconcile_payments.call()
    assert order_of(paid).status == "paid"
    assert not Problem.objects.filter(kind="books").exists()
    tasks.reconcile_books.call()
    assert Problem.objects.filter(kind="books").exists()


def reconciled() -> services.Reconciliation:
    result = services.reconcile(books=False)
    work()
    return result


def test_with_every_webhook_dropped_for_three_days_one_run_brings_all_to_the_right_state(no_webhooks):
    stripe = no_webhooks
    paid, declined, delayed, late, ended, lost = [placed() for _ in range(6)]
    stripe.control.pay(paid.session_ref)
    stripe.control.pay(declined.session_ref, card=cards.DECLINED)
    stripe.control.pay(delayed.session_ref, card=cards.DELAYED)
    stripe.control.pay(late.session_ref, card=cards.DELAYED)
    stripe.control.settle(late.session_ref, success=False)
    stripe.control.expire(ended.session_ref)
    stripe.control.pay(lost.session_ref)
    lost_order = lost.order
    Payment.unscoped.filter(pk=lost.pk).delete()
    stripe.control.settle(delayed.session_ref, success=True)
    intent = stripe.control.pay(placed().session_ref)
    outside = stripe.control.refund(intent["id"], amount=100)

    result = reconciled()

    states = {payment: fresh(payment).state for payment in (paid, declined, delayed, late, ended)}
    assert list(states.values()) == ["succeeded", "created", "succeeded", "failed", "closed"]
    assert [order_of(payment).status for payment in (paid, declined, delayed, late, ended)] == [
        "paid",
        "awaiting_payment",
        "paid",
        "awaiting_payment",
        "awaiting_payment",
    ]
    assert fresh(lost_order).status == "paid"
    assert Refund.unscoped.get(provider_ref=outside["id"]).amount == 100
    assert (result.failed, WebhookEvent.objects.filter(applied_at__isnull=True).count()) == (0, 0)
    assert audit() == []
    again = reconciled()
    assert (again.applied, again.moved, again.failed) == (0, 0, 0)


def test_a_session_whose_answer_and_event_were_lost_is_found_by_its_key(no_webhooks):
    stripe = no_webhooks
    from apps.orders.extensions import PaymentUnavailable

    order = bare_order()
    stripe.control.fault("commit_then_drop", on=CREATE, count=2)
    with pytest.raises(PaymentUnavailable):
        orders.start_payment(order_id=order.pk, payment_method="stripe")
    stripe.control.pay(stripe.control.objects("checkout.session")[0]["id"])

    reconciled()

    assert fresh(order).status == "paid"
    assert broken() == []


def test_events_that_stripe_never_wrote_are_made_up_for(no_webhooks):
    stripe = no_webhooks
    payment = started()
    stripe.control.pay(payment.session_ref)
    payment.delete()
    forget_events(stripe)

    assert reconciled().applied >= 1

    assert Order.unscoped.get().status == "paid"
    kinds_kept = set(WebhookEvent.objects.values_list("kind", flat=True))
    assert kinds_kept == {"found.checkout.session"}


def test_refunds_and_disputes_of_the_dashboard_fold_in_without_events(no_webhooks):
    stripe = no_webhooks
    payment = placed()
    intent = stripe.control.pay(payment.session_ref)
    reconciled()
    stripe.control.refund(intent["id"], amount=200)
    stripe.control.dispute(intent["id"], amount=300)
    forget_events(stripe)

    reconciled()

    assert (fresh(payment).refunded, Refund.unscoped.get().amount) == (200, 200)
    assert Dispute.unscoped.get().amount == 300
    assert broken() == []


def test_what_is_found_says_which_payment_it_is_of(no_webhooks):
    stripe = no_webhooks
    payment = started()
    intent = stripe.control.pay(payment.session_ref)["id"]
    refund = stripe.control.refund(intent, amount=200)["id"]
    dispute = stripe.control.dispute(intent, amount=300)["id"]
    session = payment.session_ref
    payment.delete()
    forget_events(stripe)

    found = {missed.event_id: (missed.kind, missed.payload) for missed in StripeGateway().missed_events()}

    assert found == {
        f"found:{session}:paid": (
            "found.checkout.session",
            {"livemode": False, "object": "checkout.session", "id": session, "session": session, "intent": intent},
        ),
        f"found:{refund}:succeeded": (
            "found.refund",
            {"livemode": False, "object": "refund", "id": refund, "intent": intent},
        ),
        f"found:{dispute}:needs_response": (
            "found.dispute",
            {"livemode": False, "object": "dispute", "id": dispute, "intent": intent},
        ),
    }


def test_the_webhook_that_comes_after_reconciling_is_a_repeat(stripe):
    payment = placed()
    stripe.control.hold()
    stripe.control.pay(payment.session_ref)
    reconciled()
    version = order_of(payment).version

    take_in(stripe)

    assert order_of(payment).version == version
    assert kinds(order_of(payment)).count("paid") == 1


def test_a_provider_that_does_not_answer_is_said_and_changes_nothing(stripe):
    payment = started()
    stripe.control.pay(payment.session_ref)
    stripe.control.fault("status", status=500, count=None)

    assert services.reconcile(books=False).failed == 2
    assert (fresh(payment).state, order_of(payment).status) == ("created", "awaiting_payment")


@pytest.mark.parametrize(("fault", "resent"), [("reset", 1), ("commit_then_drop", 0)])
def test_a_refund_that_nobody_confirmed_is_found_or_asked_for_again_under_its_key(stripe, fault, resent):
    payment = started()
    stripe.control.pay(payment.session_ref)
    Order.unscoped.update(closure="cancelled", status="cancelled")
    stripe.control.deliver()
    services.check_payment(payment_id=payment.pk)
    refund = Refund.unscoped.get()
    stripe.control.fault(fault, on="POST /v1/refunds", count=2)
    from apps.payments.gateways import GatewayUnavailable

    with pytest.raises(GatewayUnavailable):
        work()
    Refund.unscoped.update(created_at=timezone.now() - timedelta(hours=2))

    result = reconciled()

    assert result.resent == resent
    assert fresh(refund).state == "succeeded"
    assert stripe.control.charged(payment.ref, by="payment_ref")["refunded"] == 3688


# Problems


def found() -> list[str]:
    return sorted(Problem.objects.values_list("kind", flat=True))


def test_what_may_not_be_mended_is_kept_for_staff_until_it_is_gone(stripe):
    from apps.payments.tests.stripe.test_taking_in import foreign_session

    stripe.control.pay(foreign_session(stripe, order_number="XXXX-XXXX").id)
    kept = started()
    Payment.unscoped.filter(pk=kept.pk).update(state="succeeded", captured=3688)
    old = started()
    Payment.unscoped.filter(pk=old.pk).update(updated_at=timezone.now() - timedelta(days=3), asked_at=None)
    waiting = WebhookEvent.objects.create(provider="nobody", event_id="evt_x", kind="x")
    WebhookEvent.objects.filter(pk=waiting.pk).update(received_at=timezone.now() - timedelta(hours=2))
    take_in(stripe)

    services.reconcile(books=False)
    assert found() == ["not_given_back", "stuck_event", "stuck_payment", "unknown_money"]
    first = set(Problem.objects.values_list("pk", flat=True))
    services.reconcile(books=False)
    assert set(Problem.objects.values_list("pk", flat=True)) == first

    Payment.unscoped.filter(pk__in=[kept.pk, old.pk]).update(state="closed", captured=0)
    WebhookEvent.objects.all().delete()
    services.reconcile(books=False)
    # Stripe still has the money of nobody, and says so again.
    assert found() == ["unknown_money"]


def test_broken_books_are_problems_of_the_daily_run_and_stay_between(stripe):
    order = place_order(payment_method="stripe")
    Order.unscoped.filter(pk=order.pk).update(status="paid")

    services.reconcile()
    assert found() == ["books"]
    services.reconcile(books=False)
    assert found() == ["books"]

    Order.unscoped.filter(pk=order.pk).update(status="awaiting_payment")
    services.reconcile()
    assert found() == []


def test_money_that_stayed_goes_back_at_one_press_and_once(stripe):
    payment = started()
    stripe.control.pay(payment.session_ref)
    Order.unscoped.update(closure="cancelled", status="cancelled")
    services.check_payment(payment_id=payment.pk)
    Refund.unscoped.all().delete()
    Job.objects.all().delete()
    Payment.unscoped.update(refunded=0)
    services.reconcile(books=False)
    problem = Problem.objects.get(kind="not_given_back")

    refund = problems.return_money(problem_id=problem.pk)
    work()

    assert (fresh(refund).state, refund.amount) == ("succeeded", 3688)
    with pytest.raises(problems.NothingToGiveBack):
        problems.return_money(problem_id=problem.pk)
    services.reconcile(books=False)
    assert found() == []


def test_the_payment_of_a_problem_can_be_asked_for_again(stripe):
    payment = started()
    stripe.control.pay(payment.session_ref)
    Payment.unscoped.update(updated_at=timezone.now() - timedelta(days=3))
    problems.keep_problems(books=False)
    problem = Problem.objects.get(kind="stuck_payment")
    stripe.control.fault("status", status=500, count=2)

    with pytest.raises(problems.ProviderSilent):
        problems.recheck(problem_id=problem.pk)
    assert problems.recheck(problem_id=problem.pk) == "succeeded"
    assert order_of(payment).status == "paid"
