"""Several hands at once at one payment: one session, one transition, one mail."""

import pytest
from django.test import Client
from django.utils import timezone

from apps.core.errors import DomainError
from apps.core.invariants import audit
from apps.core.ownership import Owner
from apps.notifications.models import Message
from apps.orders import services as orders
from apps.orders.models import Order
from apps.orders.tests.factories import make_order as place_order
from apps.payments import services
from apps.payments.gateways import GatewayUnavailable
from apps.payments.models import Payment, Refund, WebhookEvent
from apps.payments.stripe.method import StripeMethod
from apps.payments.tests.stripe.shop import fresh, kinds, placed, started, work
from apps.payments.tests.stripe.test_crashes import deliver_all
from apps.payments.tests.test_races import HANDS, at_once
from apps.users.models import User

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def quietly(action):
    """What a buyer or a job would simply try again."""
    try:
        return action()
    except (DomainError, GatewayUnavailable) as refusal:
        return refusal


def test_the_button_pressed_by_many_opens_one_session(stripe):
    order = place_order(payment_method="stripe")

    at_once(*[lambda: quietly(lambda: StripeMethod().start(order))] * HANDS)

    assert len(stripe.control.objects("checkout.session")) == 1
    assert Payment.unscoped.get().session_ref == stripe.control.objects("checkout.session")[0]["id"]


def test_the_return_and_the_webhook_at_once_make_one_transition_and_one_mail(stripe):
    user = User.objects.create_user(email="ada@example.com", password="x")
    payment = started(place_order(owner=Owner(user_id=user.pk), payment_method="stripe"))
    stripe.control.pay(payment.session_ref)
    deliver_all(stripe)
    events = list(WebhookEvent.objects.values_list("pk", flat=True))

    def come_back():
        browser = Client()
        browser.force_login(user)
        return browser.get(f"/payments/stripe/{payment.ref}/return/").status_code

    jobs = [lambda pk=pk: quietly(lambda: services.apply_event(event_id=pk)) for pk in events]
    results = at_once(*[come_back] * 4, *jobs)

    assert results[:4] == [303] * 4
    assert kinds(fresh(payment.order)).count("paid") == 1
    assert Message.objects.filter(kind="order.payment_received").count() == 1
    assert fresh(payment).applied is True
    assert audit() == []


@pytest.mark.parametrize("attempt", range(3))
def test_paying_and_expiring_at_once_end_in_one_of_the_two(stripe, attempt):
    payment = placed()
    Order.unscoped.update(hold_expires_at=timezone.now())

    def pay():
        from apps.payments.fake_stripe.errors import ApiError

        try:
            return bool(stripe.control.pay(payment.session_ref))
        except ApiError:
            return False

    paid, expired = at_once(pay, lambda: orders.expire_order(order_id=payment.order_id))
    services.reconcile(books=False)
    work()

    assert paid != expired
    assert fresh(payment.order).status == ("paid" if paid else "expired")
    assert audit() == []


def test_late_money_and_a_cancellation_at_once_keep_the_order_or_give_the_money_back(stripe):
    payment = placed()
    stripe.control.pay(payment.session_ref)

    at_once(
        lambda: quietly(lambda: services.check_payment(payment_id=payment.pk)),
        lambda: quietly(lambda: orders.cancel_order(order_id=payment.order_id, restock=True, actor=None)),
    )
    services.reconcile(books=False)
    work()

    order, refunds = fresh(payment.order), Refund.unscoped.filter(payment=payment).count()
    assert (order.status, refunds) in {("paid", 0), ("cancelled", 1)}
    assert audit() == []


def test_one_problem_given_back_by_many_goes_back_once(stripe):
    from apps.payments.models import Problem
    from apps.payments.services import problems

    payment = started()
    Payment.unscoped.filter(pk=payment.pk).update(state="succeeded", captured=3688)
    problems.keep_problems(books=False)
    problem = Problem.objects.get()

    at_once(*[lambda: quietly(lambda: problems.return_money(problem_id=problem.pk))] * HANDS)

    assert Refund.unscoped.count() == 1
    assert fresh(payment).refunded == 3688
