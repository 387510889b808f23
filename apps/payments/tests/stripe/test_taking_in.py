"""What Stripe says becomes the truth of payment and order; what does not fit pays nothing and goes back."""

import pytest
from django.utils import timezone

from apps.catalog.models import Stock
from apps.core.invariants import audit
from apps.orders import services as orders
from apps.orders.models import Order
from apps.orders.tests.factories import make_order as place_order
from apps.payments import inbox, services
from apps.payments.fake_stripe import cards
from apps.payments.models import Payment, Refund, WebhookEvent
from apps.payments.services.applying import OTHER_ORDER, UNKNOWN_MONEY, UNKNOWN_PAYMENT
from apps.payments.tests.stripe.shop import (
    bare_order,
    broken,
    fresh,
    kinds,
    order_of,
    placed,
    started,
    take_in,
    work,
)

pytestmark = pytest.mark.django_db

CREATE = "POST /v1/checkout/sessions"


def outcomes() -> set[str]:
    return set(WebhookEvent.objects.values_list("outcome", flat=True))


def sent_back(payment) -> tuple[str, int]:
    refund = Refund.unscoped.get(payment=payment)
    return refund.reason, refund.amount


def foreign_session(stripe, *, amount: int = 3688, **metadata: str):
    """A session that somebody made by hand, with the shop's key and whatever metadata."""
    from apps.payments.stripe.client import client

    price = {"currency": "eur", "unit_amount": amount, "product_data": {"name": "A chair"}}
    return client().v1.checkout.sessions.create(
        {
            "mode": "payment",
            "line_items": [{"quantity": 1, "price_data": price}],
            "success_url": "http://shop.test/",
            "metadata": metadata,
            "payment_intent_data": {"metadata": metadata},
        }
    )


def test_a_paid_session_makes_payment_and_order_paid(stripe):
    payment = placed()
    stripe.control.pay(payment.session_ref)

    take_in(stripe)

    order = order_of(payment)
    fresh(payment)
    assert (payment.state, payment.applied, payment.captured) == ("succeeded", True, order.total)
    assert payment.intent_ref == stripe.control.objects("payment_intent")[0]["id"]
    assert (order.status, order.attention) == ("paid", "")
    assert kinds(order) == ["placed", "payment_started", "paid"]
    assert audit() == []


def test_a_webhook_that_comes_before_the_shop_noted_the_session_is_taken_in(stripe):
    order = bare_order()
    stripe.control.fault("commit_then_drop", on=CREATE, count=2)
    with pytest.raises(orders_unavailable()):
        orders.start_payment(order_id=order.pk, payment_method="stripe")
    session = stripe.control.objects("checkout.session")[0]
    stripe.control.pay(session["id"])

    take_in(stripe)

    payment = Payment.unscoped.get()
    assert (payment.session_ref, payment.state) == (session["id"], "succeeded")
    assert fresh(order).status == "paid"
    assert len(stripe.control.objects("checkout.session")) == 1


def orders_unavailable():
    from apps.orders.extensions import PaymentUnavailable

    return PaymentUnavailable


@pytest.mark.parametrize(
    ("fields", "came"),
    [
        ({"amount_received": 1}, (1, "EUR")),
        ({"amount_received": 3689}, (3689, "EUR")),
        ({"currency": "usd"}, (3688, "USD")),
    ],
)
def test_another_amount_or_currency_never_pays_the_order_and_goes_back(stripe, fields, came):
    payment = started(total=3688)
    intent = stripe.control.pay(payment.session_ref)
    stripe.control.alter(intent["id"], **fields)
    stripe.control.alter(intent["latest_charge"], amount=came[0], amount_captured=came[0])

    take_in(stripe)

    order = order_of(payment)
    fresh(payment)
    assert (payment.captured, payment.currency, payment.applied) == (*came, False)
    assert (payment.refunded, sent_back(payment)) == (came[0], ("wrong_amount", came[0]))
    assert order.status == "awaiting_payment"
    assert order.attention != ""


def test_a_session_of_the_other_mode_pays_nothing_and_asks_for_a_person(stripe):
    payment = started()
    stripe.control.pay(payment.session_ref)
    stripe.control.alter(payment.session_ref, livemode=True)

    take_in(stripe)

    assert "an object of the other mode (test or live)" in outcomes()
    assert (fresh(payment).state, order_of(payment).status) == ("created", "awaiting_payment")
    assert order_of(payment).attention != ""


def test_a_session_that_names_another_order_pays_neither(stripe):
    payment, other = started(), bare_order()
    intent = stripe.control.pay(payment.session_ref)
    metadata = {"order_number": other.number, "order_ref": other.ref}
    stripe.control.alter(payment.session_ref, metadata=metadata)
    stripe.control.alter(intent["id"], metadata=metadata)

    take_in(stripe)

    assert OTHER_ORDER in outcomes()
    assert {order.status for order in Order.unscoped.all()} == {"awaiting_payment"}
    assert order_of(payment).attention != ""
    assert not Refund.unscoped.exists()


def test_a_second_session_of_an_order_that_is_paid_too_goes_back(stripe):
    payment = started()
    other = foreign_session(
        stripe, order_number=payment.order.number, order_ref=payment.order.ref, payment_ref=payment.ref
    )
    stripe.control.pay(payment.session_ref)
    take_in(stripe)
    stripe.control.pay(other.id)
    take_in(stripe)

    second = Payment.unscoped.get(attempt=2)
    order = order_of(payment)
    assert (second.session_ref, second.state, second.applied) == (other.id, "succeeded", False)
    assert sent_back(second) == ("twice", 3688)
    assert (order.status, kinds(order).count("paid")) == ("paid", 1)
    assert stripe.control.double_charges(by="order_ref") == []
    assert broken() == []


def test_an_intent_of_nobody_that_names_a_payment_of_ours_is_not_taken_for_it(stripe):
    payment = started()
    stripe.control.pay(payment.session_ref)
    take_in(stripe)
    strange = stripe.control.pay(foreign_session(stripe, order_number="NOT-OURS", payment_ref=payment.ref).id)
    named = {"intent": strange["id"], "payment": payment.ref}
    inbox.receive_event(provider="stripe", event_id="evt_strange", kind="payment_intent.succeeded", payload=named)
    services.apply_event(event_id=WebhookEvent.objects.get(event_id="evt_strange").pk)

    assert WebhookEvent.objects.get(event_id="evt_strange").outcome == UNKNOWN_MONEY
    assert (fresh(payment).state, payment.captured, payment.refunded) == ("succeeded", 3688, 0)
    assert kinds(order_of(payment)).count("paid") == 1


def test_money_of_our_order_whose_row_was_lost_gets_a_row_and_pays(stripe):
    payment = started()
    stripe.control.pay(payment.session_ref)
    order = payment.order
    payment.delete()

    take_in(stripe)

    found = Payment.unscoped.get()
    assert (found.session_ref, found.state, found.applied) == (payment.session_ref, "succeeded", True)
    assert (found.method, found.attempt, found.amount, found.currency) == ("stripe", 1, order.total, "EUR")
    assert fresh(order).status == "paid"
    assert broken() == []


def test_a_find_of_a_session_that_its_attempt_never_noted_is_of_that_attempt(stripe):
    payment = started()
    session = payment.session_ref
    stripe.control.pay(session)
    Payment.unscoped.update(session_ref="", intent_ref="")
    payload = {"livemode": False, "object": "checkout.session", "id": session, "session": session}
    event = WebhookEvent.objects.create(
        provider="stripe", event_id=f"found:{session}:paid", kind="found.checkout.session", payload=payload
    )

    services.apply_event(event_id=event.pk)

    only = Payment.unscoped.get()
    assert (only.pk, only.attempt, only.state, only.session_ref) == (payment.pk, 1, "succeeded", session)
    assert (order_of(payment).status, fresh(event).outcome) == ("paid", "succeeded")


def test_money_of_no_order_is_kept_and_told_by_the_audit(stripe):
    session = foreign_session(stripe, order_number="XXXX-XXXX")
    stripe.control.pay(session.id)

    take_in(stripe)

    assert UNKNOWN_MONEY in outcomes()
    assert Payment.unscoped.count() == 0
    assert any("belongs to no order" in sentence for sentence in broken())


def test_an_unpaid_session_of_no_order_is_kept_without_a_word(stripe):
    session = foreign_session(stripe)
    stripe.control.expire(session.id)

    take_in(stripe)

    assert outcomes() == {UNKNOWN_PAYMENT}
    assert broken() == []


def expired(stripe) -> Payment:
    payment = placed()
    Order.unscoped.update(hold_expires_at=timezone.now())
    assert orders.expire_order(order_id=payment.order_id) is True
    # Stripe took the money in the very moment, although it had said that the session was over.
    stripe.control.alter(payment.session_ref, status="open")
    stripe.control.pay(payment.session_ref)
    return payment


def test_money_after_expiry_takes_the_goods_again(stripe):
    payment = expired(stripe)

    take_in(stripe)

    order = order_of(payment)
    assert (order.status, order.attention, fresh(payment).applied) == ("paid", "", True)
    assert Stock.objects.get(reserved=1)
    assert audit() == []


def test_money_after_expiry_goes_back_if_the_goods_are_gone(stripe):
    payment = expired(stripe)
    Stock.objects.update(on_hand=0)

    take_in(stripe)

    order = order_of(payment)
    assert (order.status, fresh(payment).applied) == ("expired", False)
    assert sent_back(payment) == ("too_late", order.total)
    assert stripe.control.charged(payment.ref, by="payment_ref") == {
        "charges": 1,
        "captured": order.total,
        "refunded": order.total,
    }
    assert broken() == []


def test_everything_again_and_again_changes_nothing(stripe):
    payment = placed()
    stripe.control.pay(payment.session_ref)
    take_in(stripe)
    version = order_of(payment).version

    for event in stripe.control.events():
        body, headers = stripe.control.signed(event["id"])
        assert deliver(body, headers) == 200
    WebhookEvent.objects.update(applied_at=None)
    for event in WebhookEvent.objects.all():
        services.apply_event(event_id=event.pk)

    assert order_of(payment).version == version
    assert kinds(order_of(payment)).count("paid") == 1


def deliver(body, headers):
    from apps.payments.tests.stripe.conftest import deliver as post

    return post(body, headers)


# Authorise, then capture


@pytest.fixture
def manual(settings):
    settings.STRIPE_CAPTURE = "manual"


def authorised(stripe) -> Payment:
    payment = placed()
    stripe.control.pay(payment.session_ref)
    take_in(stripe)
    return fresh(payment)


def test_an_authorisation_keeps_the_goods_and_does_not_pay(stripe, manual):
    payment = authorised(stripe)

    order = order_of(payment)
    assert (payment.state, payment.captured) == ("authorised", 0)
    assert order.status == "awaiting_payment"
    assert order.hold_expires_at == payment.expires_at
    assert (payment.expires_at - timezone.now()).days >= 5
    assert orders.sweep() == 0


def test_capturing_pays_the_order_once(stripe, manual):
    payment = authorised(stripe)

    for _ in range(2):
        services.capture_payment(payment_id=payment.pk, actor=None)
    work()

    assert (fresh(payment).state, payment.captured) == ("succeeded", payment.amount)
    assert order_of(payment).status == "paid"
    assert stripe.control.charged(payment.ref, by="payment_ref")["captured"] == payment.amount
    assert broken() == []


def test_a_capture_whose_answer_got_lost_is_asked_again_by_the_same_key(stripe, manual):
    payment = authorised(stripe)
    services.capture_payment(payment_id=payment.pk, actor=None)
    stripe.control.fault("commit_then_drop", on="POST /v1/payment_intents/*/capture", count=2)
    from apps.payments.gateways import GatewayUnavailable

    with pytest.raises(GatewayUnavailable):
        services.take_authorised(payment_id=payment.pk)
    services.take_authorised(payment_id=payment.pk)

    assert order_of(payment).status == "paid"
    assert fresh(payment).failure == ""


def test_capturing_what_the_provider_let_go_is_refused_and_the_attempt_ends(stripe, manual):
    payment = authorised(stripe)
    from apps.payments.stripe.client import client

    client().v1.payment_intents.cancel(payment.intent_ref)
    services.capture_payment(payment_id=payment.pk, actor=None)
    work()

    assert (fresh(payment).state, payment.captured) == ("closed", 0)
    assert "canceled" in payment.failure
    with pytest.raises(services.NotAuthorised):
        services.capture_payment(payment_id=payment.pk, actor=None)


def test_cancelling_an_order_lets_its_authorisation_go(stripe, manual):
    payment = authorised(stripe)

    orders.cancel_order(order_id=payment.order_id, restock=True, actor=None)

    assert fresh(payment).state == "closed"
    assert stripe.control.objects("payment_intent")[0]["status"] == "canceled"
    assert order_of(payment).status == "cancelled"
    assert audit() == []


def test_an_authorisation_for_an_order_that_was_closed_meanwhile_is_let_go(stripe, manual):
    payment = placed()
    stripe.control.pay(payment.session_ref)
    Payment.unscoped.update(state="closed")
    orders.cancel_order(order_id=payment.order_id, restock=True, actor=None)
    Payment.unscoped.update(state="created")

    take_in(stripe)

    assert fresh(payment).state == "closed"
    assert stripe.control.objects("payment_intent")[0]["status"] == "canceled"


# Coming back from the page


def return_to(client, payment):
    return client.get(f"/payments/stripe/{payment.ref}/return/")


@pytest.fixture
def buyer(client):
    from django.contrib.auth import get_user_model

    user = get_user_model().objects.create_user(email="ada@example.com", password="x")
    client.force_login(user)
    return client, user


def test_who_comes_back_sees_the_order_paid_before_any_webhook(stripe, buyer):
    client, user = buyer
    order = bare_order(owner=owner_of(user))
    payment = started(order)
    stripe.control.pay(payment.session_ref)

    answer = return_to(client, payment)

    assert (answer.status_code, answer["Location"]) == (303, f"/orders/{order.ref}/")
    assert fresh(order).status == "paid"
    take_in(stripe)
    assert kinds(order).count("paid") == 1


def test_who_comes_back_once_more_or_is_looked_up_by_a_machine_asks_nobody(stripe, buyer):
    client, user = buyer
    payment = started(bare_order(owner=owner_of(user)))
    stripe.control.pay(payment.session_ref)
    assert client.head(f"/payments/stripe/{payment.ref}/return/").status_code == 303
    assert fresh(payment).state == "created"
    return_to(client, payment)
    stripe.control.fault("status", status=500, count=None)
    assert return_to(client, payment).status_code == 303
    assert fresh(payment).state == "succeeded"


def owner_of(user):
    from apps.core.ownership import Owner

    return Owner(user_id=user.pk)


def test_coming_back_while_stripe_does_not_answer_asks_a_job(stripe, buyer):
    client, user = buyer
    payment = started(bare_order(owner=owner_of(user)))
    stripe.control.pay(payment.session_ref)
    stripe.control.fault("status", on="GET *", status=500)

    assert return_to(client, payment).status_code == 303
    assert order_of(payment).status == "awaiting_payment"
    work()
    assert order_of(payment).status == "paid"


def test_a_stranger_and_a_guest_can_not_come_back_for_others(stripe, buyer, client):
    payment = started()
    stripe.control.pay(payment.session_ref)

    assert return_to(buyer[0], payment).status_code == 404
    assert return_to(type(client)(), payment).status_code == 404
    assert order_of(payment).status == "awaiting_payment"


def test_coming_back_without_having_paid_changes_nothing(stripe, buyer):
    client, user = buyer
    payment = started(bare_order(owner=owner_of(user)))

    assert return_to(client, payment).status_code == 303
    assert (fresh(payment).state, order_of(payment).status) == ("created", "awaiting_payment")


def test_coming_back_is_asked_of_stripe_only_so_often(stripe, buyer):
    client, user = buyer
    payment = started(bare_order(owner=owner_of(user)))
    stripe.control.fault("status", on="GET *", status=500, count=None)

    for _ in range(22):
        assert return_to(client, payment).status_code == 303
    from apps.jobs.models import Job

    assert Job.objects.filter(task_path__endswith="check_later").count() == 20


def test_an_order_of_several_pieces_paid_by_a_delayed_method_is_paid_once(stripe):
    payment = started(place_order(payment_method="stripe"))
    stripe.control.pay(payment.session_ref, card=cards.DELAYED)
    stripe.control.settle(payment.session_ref, success=True)

    take_in(stripe)

    assert kinds(order_of(payment)).count("paid") == 1
    assert broken() == []
