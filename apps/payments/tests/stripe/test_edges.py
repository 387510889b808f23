"""What is left when Stripe and the shop miss each other: the other was faster, or never heard of it."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from apps.payments.gateways import GatewayRefused
from apps.payments.models import Dispute, Payment, Refund
from apps.payments.sandbox.method import SandboxMethod
from apps.payments.services import check_payment
from apps.payments.stripe import gateway as driver
from apps.payments.stripe import method, reading, sessions
from apps.payments.stripe.amounts import NotPayable, from_stripe
from apps.payments.stripe.gateway import StripeGateway
from apps.payments.stripe.method import StripeMethod
from apps.payments.tests.stripe.shop import bare_order, fresh, order_of, placed, started, take_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]


def prepared() -> Payment:
    order = bare_order()
    StripeMethod().prepare(order)
    return Payment.unscoped.get(order=order)


def asked_for_nonsense() -> Payment:
    payment = prepared()
    Payment.unscoped.filter(pk=payment.pk).update(asked_at=timezone.now(), request={"mode": "nonsense"})
    return fresh(payment)


# Starting


def test_a_payment_by_another_method_that_can_not_be_closed_stays_the_only_one(stripe):
    order = bare_order()
    SandboxMethod().prepare(order)

    assert StripeMethod().start(order) == order.get_absolute_url()
    assert [row.method for row in Payment.unscoped.all()] == ["sandbox"]


def test_a_closed_order_without_an_attempt_leads_to_itself(stripe):
    order = bare_order(closure="cancelled", status="cancelled")

    assert StripeMethod().start(order) == order.get_absolute_url()
    assert stripe.control.objects("checkout.session") == []


def test_an_attempt_that_is_closed_before_stripe_is_asked_is_not_asked_for(stripe, monkeypatch):
    payment, describe = prepared(), sessions.request_of

    def close_meanwhile(row):
        Payment.unscoped.update(state="closed")
        return describe(row)

    monkeypatch.setattr(method.sessions, "request_of", close_meanwhile)

    assert StripeMethod().start(payment.order) == payment.order.get_absolute_url()
    assert stripe.control.objects("checkout.session") == []


def test_an_attempt_that_is_closed_while_stripe_is_asked_ends_there_too(stripe, monkeypatch):
    payment, create = prepared(), sessions.create

    def close_meanwhile(request, *, key):
        session = create(request, key=key)
        Payment.unscoped.update(state="closed")
        return session

    monkeypatch.setattr(method.sessions, "create", close_meanwhile)

    assert StripeMethod().start(payment.order) == payment.order.get_absolute_url()
    assert [session["status"] for session in stripe.control.objects("checkout.session")] == ["expired"]


# Closing and asking


def test_an_attempt_that_stripe_refused_is_closed(stripe):
    payment = asked_for_nonsense()

    assert StripeMethod().close(payment.order) is True
    assert fresh(payment).state == "closed"


def test_what_stripe_refuses_now_was_never_made(stripe):
    assert check_payment(payment_id=asked_for_nonsense().pk) == "unknown to the provider"


def test_what_nobody_asked_for_is_unknown(stripe):
    assert check_payment(payment_id=prepared().pk) == "unknown to the provider"


def test_a_payment_of_which_only_the_intent_is_known_is_read_by_it(stripe):
    payment = placed()
    stripe.control.pay(payment.session_ref)
    take_in(stripe)
    Payment.unscoped.update(session_ref="")

    told = StripeGateway().settlement(fresh(payment))

    order = order_of(payment)
    assert (told.state, told.money, told.order_number) == ("succeeded", order.money(order.total), order.number)
    assert told.intent_ref == fresh(payment).intent_ref


def test_a_session_that_names_its_intent_alone_is_read_with_it(stripe):
    payment = placed()
    stripe.control.pay(payment.session_ref)
    session = {**sessions.retrieve(payment.session_ref)}
    intent = session["payment_intent"]["id"]

    told = driver._of_session({**session, "payment_intent": intent})

    assert (told.intent_ref, told.session_ref, told.state) == (intent, payment.session_ref, "succeeded")


@pytest.mark.parametrize("payload", [{}, {"intent": "pi_none"}, {"session": "cs_test_none"}])
def test_a_stranger_of_whom_stripe_knows_nothing_is_nobody(stripe, payload):
    assert StripeGateway().stranger(payload) is None


def test_a_refund_that_stripe_can_not_send_is_refused_without_asking(stripe):
    refund = Refund(payment=started(), amount=5, currency="KWD", reason="other")

    with pytest.raises(GatewayRefused):
        StripeGateway().refund(refund)

    assert stripe.control.objects("refund") == []


def test_a_dispute_that_is_known_is_not_missed(stripe):
    payment = placed()
    stripe.control.pay(payment.session_ref)
    take_in(stripe)
    stripe.control.dispute(fresh(payment).intent_ref)
    assert [event.kind for event in StripeGateway().missed_events() if "dispute" in event.kind]

    take_in(stripe)

    assert Dispute.unscoped.count() == 1
    assert [event for event in StripeGateway().missed_events() if event.kind == "found.dispute"] == []


# Reading


def test_an_inquiry_of_the_bank_is_no_dispute():
    assert reading.dispute_of({"status": "warning_needs_response"}) is None


def test_a_sum_that_our_unit_can_not_hold_is_no_money():
    with pytest.raises(NotPayable):
        from_stripe(150, "isk")


def test_a_session_of_such_a_sum_is_doubted():
    session = {"id": "cs_1", "amount_total": 150, "currency": "isk", "status": "open", "payment_status": "unpaid"}

    told = reading.settlement_of(session, None)

    assert (told.money.amount, told.doubt) == (0, "150 of ISK is finer than its minor unit.")


def test_moments_are_those_of_the_clock():
    assert sessions.moment(0) == datetime(1970, 1, 1, tzinfo=UTC)
