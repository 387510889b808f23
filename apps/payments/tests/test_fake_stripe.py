"""The fake Stripe behaves as the real one where the shop relies on it. Driven by the official SDK over HTTP."""

import threading
import time

import pytest
import stripe as sdk

from apps.payments.fake_stripe import FakeStripe, cards


@pytest.fixture(scope="module")
def server():
    with FakeStripe() as fake:
        yield fake


@pytest.fixture
def fake(server):
    server.control.reset()
    return server


@pytest.fixture
def client(fake):
    return client_of(fake)


def client_of(fake, key="sk_test_x"):
    return sdk.StripeClient(key, base_addresses={"api": fake.url}, max_network_retries=0)


def session_params(amount=4999, currency="eur", order="A1", **more):
    price = {"currency": currency, "unit_amount": amount, "product_data": {"name": "A chair"}}
    return {
        "mode": "payment",
        "line_items": [{"price_data": price, "quantity": 1}],
        "success_url": "http://shop.test/done/?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://shop.test/back/",
        "client_reference_id": order,
        "metadata": {"order": order},
        "payment_intent_data": {"metadata": {"order": order}},
        **more,
    }


def open_session(client, key=None, **params):
    return client.v1.checkout.sessions.create(session_params(**params), {"idempotency_key": key} if key else {})


def paid_intent(client, fake, **params):
    session = open_session(client, **params)
    return client.v1.payment_intents.retrieve(fake.control.pay(session.id)["id"])


def types(fake):
    return [event["type"] for event in fake.control.events()]


def refusal(error):
    body = error.value.json_body["error"]
    return error.value.http_status, body["type"], body.get("code"), body.get("param")


# Sessions


def test_a_new_session_is_open_unpaid_and_says_what_was_asked(client, fake):
    session = open_session(client, customer_email="ada@example.com", locale="de")
    assert session.id.startswith("cs_test_")
    assert (session.status, session.payment_status, session.livemode) == ("open", "unpaid", False)
    assert (session.amount_total, session.currency) == (4999, "eur")
    assert (session.client_reference_id, session.metadata.to_dict()) == ("A1", {"order": "A1"})
    assert (session.customer_email, session.locale) == ("ada@example.com", "de")
    assert session.url == f"{fake.url}/c/pay/{session.id}"
    assert session.payment_intent is None
    assert session.expires_at - session.created == 24 * 60 * 60


def test_paying_a_session_captures_the_money_once(client, fake):
    session = open_session(client)
    fake.control.pay(session.id)
    session = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    intent, charge = session.payment_intent, session.payment_intent.latest_charge
    assert (session.status, session.payment_status, session.url) == ("complete", "paid", None)
    assert (intent.status, intent.amount, intent.amount_received) == ("succeeded", 4999, 4999)
    assert (charge.status, charge.paid, charge.captured, charge.amount_captured) == ("succeeded", True, True, 4999)
    assert intent.metadata.to_dict() == charge.metadata.to_dict() == {"order": "A1"}
    assert types(fake) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]
    assert fake.control.charged("A1") == {"charges": 1, "captured": 4999, "refunded": 0}


def test_a_declined_card_leaves_the_session_open_for_another(client, fake):
    session = open_session(client)
    declined = fake.control.pay(session.id, card=cards.DECLINED)
    assert (declined["status"], declined["last_payment_error"]["code"]) == ("requires_payment_method", "card_declined")
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    paid = fake.control.pay(session.id)
    assert (paid["id"], paid["status"], paid["last_payment_error"]) == (declined["id"], "succeeded", None)
    assert fake.control.charged("A1") == {"charges": 1, "captured": 4999, "refunded": 0}
    assert types(fake)[1:3] == ["charge.failed", "payment_intent.payment_failed"]


def test_an_authentication_can_be_completed_or_failed(client, fake):
    session = open_session(client)
    assert fake.control.pay(session.id, card=cards.AUTHENTICATE)["status"] == "requires_action"
    assert fake.control.audit() == []
    assert fake.control.authenticate(session.id, success=False)["status"] == "requires_payment_method"
    assert fake.control.pay(session.id, card=cards.AUTHENTICATE)["status"] == "requires_action"
    assert fake.control.authenticate(session.id)["status"] == "succeeded"
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_an_abandoned_authentication_expires_with_its_session(client, fake):
    session = open_session(client, expires_at=int(time.time()) + 31 * 60)
    intent = fake.control.pay(session.id, card=cards.AUTHENTICATE)["id"]
    fake.control.advance(32 * 60)
    session = client.v1.checkout.sessions.retrieve(session.id)
    assert (session.status, session.payment_status, session.url) == ("expired", "unpaid", None)
    assert client.v1.payment_intents.retrieve(intent).status == "canceled"
    assert types(fake)[-2:] == ["payment_intent.canceled", "checkout.session.expired"]
    assert fake.control.audit() == []


def test_each_session_expires_at_its_own_time(client, fake):
    now = int(time.time())
    soon, late = (open_session(client, expires_at=now + minutes * 60).id for minutes in (40, 80))
    for minutes, expected in ((39, ["open", "open"]), (2, ["expired", "open"]), (60, ["expired", "expired"])):
        fake.control.advance(minutes * 60)
        assert [client.v1.checkout.sessions.retrieve(each).status for each in (soon, late)] == expected
    assert types(fake) == ["checkout.session.expired"] * 2


@pytest.mark.parametrize(
    ("success", "status", "paid", "last"),
    [
        (True, "succeeded", "paid", "checkout.session.async_payment_succeeded"),
        (False, "requires_payment_method", "unpaid", "checkout.session.async_payment_failed"),
    ],
)
def test_a_delayed_method_completes_unpaid_and_settles_later(client, fake, success, status, paid, last):
    session = open_session(client)
    assert fake.control.pay(session.id, card=cards.DELAYED)["status"] == "processing"
    pending = client.v1.checkout.sessions.retrieve(session.id)
    assert (pending.status, pending.payment_status) == ("complete", "unpaid")
    assert fake.control.settle(session.id, success=success)["status"] == status
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == paid
    assert types(fake)[-1] == last
    assert fake.control.charged("A1")["captured"] == (4999 if success else 0)


def test_an_expired_session_takes_no_money(client, fake):
    session = open_session(client)
    assert client.v1.checkout.sessions.expire(session.id).status == "expired"
    with pytest.raises(Exception, match="status of `expired`"):
        fake.control.pay(session.id)
    with pytest.raises(sdk.InvalidRequestError, match="can be expired"):
        client.v1.checkout.sessions.expire(session.id)
    assert types(fake) == ["checkout.session.expired"]


def test_a_paid_session_cannot_be_expired(client, fake):
    session = open_session(client)
    fake.control.pay(session.id)
    with pytest.raises(sdk.InvalidRequestError, match="status of `complete`"):
        client.v1.checkout.sessions.expire(session.id)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


@pytest.mark.parametrize("seconds", [29 * 60, 25 * 60 * 60])
def test_a_session_lives_between_half_an_hour_and_a_day(client, fake, seconds):
    with pytest.raises(sdk.InvalidRequestError) as error:
        open_session(client, expires_at=int(time.time()) + seconds)
    assert refusal(error) == (400, "invalid_request_error", None, "expires_at")
    assert fake.control.objects("checkout.session") == []


def test_the_lines_are_shown_when_they_are_asked_for(client):
    session = open_session(client)
    assert not hasattr(session, "line_items")
    expanded = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["line_items"]})
    assert [(line.description, line.quantity, line.amount_total) for line in expanded.line_items.data] == [
        ("A chair", 1, 4999)
    ]
    assert client.v1.checkout.sessions.line_items.list(session.id).data[0].amount_total == 4999


def test_sessions_are_listed_newest_first_by_page_and_by_intent(client, fake):
    ids = [open_session(client).id for _ in range(3)]
    intent = fake.control.pay(ids[0])["id"]
    page = client.v1.checkout.sessions.list({"limit": 2})
    assert ([row.id for row in page.data], page.has_more) == ([ids[2], ids[1]], True)
    assert [row.id for row in page.auto_paging_iter()] == ids[::-1]
    assert [row.id for row in client.v1.checkout.sessions.list({"payment_intent": intent}).data] == [ids[0]]
    assert [row.id for row in client.v1.checkout.sessions.list({"status": "open"}).data] == [ids[2], ids[1]]


# Manual capture


def test_an_authorised_payment_is_captured_in_part(client, fake):
    params = {"capture_method": "manual", "metadata": {"order": "A1"}}
    session = open_session(client, payment_intent_data=params)
    intent = fake.control.pay(session.id)
    assert (intent["status"], intent["amount_capturable"], intent["amount_received"]) == ("requires_capture", 4999, 0)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
    with pytest.raises(sdk.InvalidRequestError) as error:
        client.v1.payment_intents.capture(intent["id"], {"amount_to_capture": 5000})
    assert refusal(error)[2:] == ("amount_too_large", "amount_to_capture")
    captured = client.v1.payment_intents.capture(intent["id"], {"amount_to_capture": 4000})
    assert (captured.status, captured.amount_received, captured.amount_capturable) == ("succeeded", 4000, 0)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    with pytest.raises(sdk.InvalidRequestError) as error:
        client.v1.payment_intents.capture(intent["id"])
    assert refusal(error)[2] == "payment_intent_unexpected_state"
    assert fake.control.charged("A1") == {"charges": 1, "captured": 4000, "refunded": 0}


def test_an_authorised_payment_can_be_let_go(client, fake):
    session = open_session(client, payment_intent_data={"capture_method": "manual", "metadata": {"order": "A1"}})
    intent = fake.control.pay(session.id)
    assert client.v1.payment_intents.cancel(intent["id"]).status == "canceled"
    assert fake.control.charged("A1")["captured"] == 0


def test_the_intent_of_an_open_session_ends_only_with_the_session(client, fake):
    session = open_session(client)
    intent = fake.control.pay(session.id, card=cards.DECLINED)
    with pytest.raises(sdk.InvalidRequestError, match="expire the Checkout Session"):
        client.v1.payment_intents.cancel(intent["id"])


# Bare intents


def test_a_bare_intent_is_confirmed_or_declined(client, fake):
    params = {"amount": 1200, "currency": "usd", "confirm": True, "metadata": {"order": "B1"}}
    assert client.v1.payment_intents.create({**params, "payment_method": "pm_card_visa"}).status == "succeeded"
    with pytest.raises(sdk.CardError) as error:
        client.v1.payment_intents.create({**params, "payment_method": "pm_card_visa_chargeDeclined"})
    assert (error.value.http_status, error.value.code) == (402, "card_declined")
    assert fake.control.charged("B1") == {"charges": 1, "captured": 1200, "refunded": 0}


# Refunds and disputes


def test_refunds_go_up_to_what_was_captured_and_no_further(client, fake):
    intent = paid_intent(client, fake)
    part = client.v1.refunds.create({"payment_intent": intent.id, "amount": 999, "reason": "requested_by_customer"})
    assert (part.status, part.amount, part.currency, part.reason) == ("succeeded", 999, "eur", "requested_by_customer")
    with pytest.raises(sdk.InvalidRequestError, match="greater than unrefunded amount on charge") as error:
        client.v1.refunds.create({"payment_intent": intent.id, "amount": 4001})
    assert refusal(error) == (400, "invalid_request_error", None, "amount")
    assert client.v1.refunds.create({"charge": intent.latest_charge}).amount == 4000
    with pytest.raises(sdk.InvalidRequestError) as error:
        client.v1.refunds.create({"payment_intent": intent.id, "amount": 1})
    assert refusal(error)[2] == "charge_already_refunded"
    charge = client.v1.charges.retrieve(intent.latest_charge, {"expand": ["refunds"]})
    assert (charge.amount_refunded, charge.refunded, len(charge.refunds.data)) == (4999, True, 2)
    assert [row.amount for row in client.v1.refunds.list({"payment_intent": intent.id}).data] == [4000, 999]
    assert fake.control.charged("A1") == {"charges": 1, "captured": 4999, "refunded": 4999}


def test_more_than_the_whole_charge_cannot_go_back(client, fake):
    intent = paid_intent(client, fake)
    with pytest.raises(sdk.InvalidRequestError, match="greater than charge amount"):
        client.v1.refunds.create({"payment_intent": intent.id, "amount": 5000})
    assert fake.control.objects("refund") == []


def test_an_unpaid_intent_has_nothing_to_refund(client, fake):
    intent = client.v1.payment_intents.create({"amount": 500, "currency": "eur"})
    with pytest.raises(sdk.InvalidRequestError, match="does not have a successful charge"):
        client.v1.refunds.create({"payment_intent": intent.id})
    assert list(client.v1.refunds.list({"payment_intent": intent.id}).data) == []


def test_a_refund_that_fails_later_gives_the_money_back_to_the_charge(client, fake):
    intent = paid_intent(client, fake)
    refund = client.v1.refunds.create({"payment_intent": intent.id, "amount": 1000})
    fake.control.fail_refund(refund.id)
    refund = client.v1.refunds.retrieve(refund.id)
    assert (refund.status, refund.failure_reason) == ("failed", "expired_or_canceled_card")
    assert client.v1.charges.retrieve(intent.latest_charge).amount_refunded == 0
    assert types(fake)[-3:] == ["refund.updated", "charge.refund.updated", "refund.failed"]


def test_the_dashboard_refunds_too(client, fake):
    intent = paid_intent(client, fake)
    assert fake.control.refund(intent.id, amount=500)["amount"] == 500
    assert types(fake)[-2:] == ["refund.created", "charge.refunded"]
    assert fake.control.refund(intent.latest_charge)["amount"] == 4499


@pytest.mark.parametrize(
    ("won", "last"),
    [
        (True, ["charge.dispute.funds_reinstated", "charge.dispute.closed"]),
        (False, ["charge.dispute.funds_withdrawn", "charge.dispute.closed"]),
    ],
)
def test_a_dispute_blocks_refunds_until_it_is_won(client, fake, won, last):
    intent = paid_intent(client, fake)
    dispute = fake.control.dispute(intent.id)
    assert client.v1.disputes.retrieve(dispute["id"]).amount == 4999
    assert [row.id for row in client.v1.disputes.list({"payment_intent": intent.id}).data] == [dispute["id"]]
    assert client.v1.charges.retrieve(intent.latest_charge).disputed is True
    with pytest.raises(sdk.InvalidRequestError) as error:
        client.v1.refunds.create({"payment_intent": intent.id})
    assert refusal(error)[2] == "charge_disputed"
    assert fake.control.decide(dispute["id"], won=won)["status"] == ("won" if won else "lost")
    assert types(fake)[-2:] == last


# Idempotency


def test_the_same_key_and_parameters_give_the_very_same_answer(client, fake):
    first = open_session(client, key="order-1-pay-1")
    again = open_session(client, key="order-1-pay-1")
    assert first.id == again.id
    assert first.last_response.body == again.last_response.body
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(fake.control.objects("checkout.session")) == 1


def test_a_key_with_other_parameters_is_refused(client, fake):
    open_session(client, key="order-1-pay-1")
    with pytest.raises(sdk.IdempotencyError) as error:
        open_session(client, key="order-1-pay-1", amount=5000)
    assert refusal(error)[:2] == (400, "idempotency_error")
    assert len(fake.control.objects("checkout.session")) == 1


def test_a_refused_refund_stays_refused_under_its_key(client, fake):
    intent = paid_intent(client, fake)
    for replayed in (None, "true"):
        with pytest.raises(sdk.InvalidRequestError) as error:
            client.v1.refunds.create({"payment_intent": intent.id, "amount": 5000}, {"idempotency_key": "refund-1"})
        assert error.value.headers.get("Idempotent-Replayed") == replayed


def test_a_validation_error_does_not_use_up_the_key(client, fake):
    with pytest.raises(sdk.InvalidRequestError):
        open_session(client, key="order-1-pay-1", surprise="yes")
    assert open_session(client, key="order-1-pay-1").status == "open"


def test_a_key_in_flight_is_a_conflict(client, fake):
    fake.control.fault("hang", on="POST /v1/checkout/sessions", seconds=5)
    answers = []
    first = threading.Thread(target=lambda: answers.append(open_session(client, key="order-1-pay-1")))
    first.start()
    while fake.control.in_flight() != ["order-1-pay-1"]:
        time.sleep(0.001)
    with pytest.raises(sdk.APIError) as error:
        open_session(client, key="order-1-pay-1")
    assert refusal(error)[0::2] == (409, "idempotency_key_in_use")
    fake.control.clear_faults()
    first.join()
    assert open_session(client, key="order-1-pay-1").id == answers[0].id
    assert len(fake.control.objects("checkout.session")) == 1


def test_a_key_is_forgotten_after_a_day(client, fake):
    first = open_session(client, key="order-1-pay-1")
    fake.control.advance(24 * 60 * 60)
    assert open_session(client, key="order-1-pay-1").id != first.id


def test_an_answer_lost_after_the_refund_is_found_again_by_its_key(client, fake):
    intent = paid_intent(client, fake)
    fake.control.fault("commit_then_drop", on="POST /v1/refunds")
    with pytest.raises(sdk.APIConnectionError):
        client.v1.refunds.create({"payment_intent": intent.id, "amount": 999}, {"idempotency_key": "refund-1"})
    refund = client.v1.refunds.create({"payment_intent": intent.id, "amount": 999}, {"idempotency_key": "refund-1"})
    assert [row["id"] for row in fake.control.objects("refund")] == [refund.id]
    assert fake.control.charged("A1")["refunded"] == 999


def test_an_answer_lost_after_the_charge_is_found_again_by_its_key(client, fake):
    params = {"amount": 1200, "currency": "eur", "confirm": True, "payment_method": "pm_card_visa"}
    fake.control.fault("commit_then_drop", on="POST /v1/payment_intents")
    with pytest.raises(sdk.APIConnectionError):
        client.v1.payment_intents.create(params, {"idempotency_key": "order-1-pay-1"})
    client.v1.payment_intents.create(params, {"idempotency_key": "order-1-pay-1"})
    assert len(fake.control.audit()) == 1
