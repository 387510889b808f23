"""The fake Stripe refuses what the real one refuses: keys, parameters, amounts; and fails as it is told to."""

import http.client
import time
from urllib.parse import urlencode

import pytest
import stripe as sdk

from apps.payments.fake_stripe import FakeStripe, cards
from apps.payments.fake_stripe.idempotency import Answer
from apps.payments.tests.test_fake_stripe import client_of, open_session, paid_intent, refusal, session_params


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


def form(fake, method, path, body="", key="sk_test_x", **headers):
    """A call without the SDK, which would put right what is wrong."""
    connection = http.client.HTTPConnection("127.0.0.1", int(fake.url.rpartition(":")[2]), timeout=5)
    authorization = {"Authorization": f"Bearer {key}"} if key else {}
    connection.request(method, path, body, {**authorization, **headers})
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response, text


# Keys


@pytest.mark.parametrize("key", ["sk_live_x", "pk_test_x", "nonsense"])
def test_any_key_but_a_secret_test_key_is_refused(fake, key):
    with pytest.raises(sdk.AuthenticationError) as error:
        client_of(fake, key).v1.events.list()
    assert refusal(error) == (401, "invalid_request_error", None, None)
    assert key not in str(error.value) or key == "nonsense"


def test_no_key_is_refused_and_basic_authentication_is_known(fake):
    assert form(fake, "GET", "/v1/events", key="")[0].status == 401
    basic = {"Authorization": "Basic c2tfdGVzdF94Og=="}
    assert form(fake, "GET", "/v1/events", key="", **basic)[0].status == 200


def test_a_fake_can_insist_on_one_key():
    with FakeStripe(api_key="sk_test_only") as fake:
        assert list(client_of(fake, "sk_test_only").v1.events.list().data) == []
        with pytest.raises(sdk.AuthenticationError):
            client_of(fake, "sk_test_other").v1.events.list()


# Parameters


def session_with(place, value):
    params = session_params()
    *path, last = place
    inner = params
    for step in path:
        inner = inner[step]
    inner[last] = value
    return params


@pytest.mark.parametrize(
    ("place", "value", "code", "param"),
    [
        (["surprise"], "1", "parameter_unknown", "surprise"),
        (["metadata"], "text", None, "metadata"),
        (["metadata"], {str(n): "x" for n in range(51)}, None, "metadata"),
        (["metadata"], {"k" * 41: "x"}, None, f"metadata[{'k' * 41}]"),
        (["metadata", "order"], "x" * 501, None, "metadata[order]"),
        (["line_items"], "text", None, "line_items"),
        (["line_items", 0], "text", None, "line_items[0]"),
        (["line_items"], [session_params()["line_items"][0]] * 101, None, "line_items"),
        (["line_items", 0, "colour"], "1", "parameter_unknown", "line_items[0][colour]"),
        (["line_items", 0, "quantity"], "1.5", "parameter_invalid_integer", "line_items[0][quantity]"),
        (["line_items", 0, "quantity"], 0, "parameter_invalid_integer", "line_items[0][quantity]"),
        (["line_items", 0, "quantity"], 10**6, "parameter_invalid_integer", "line_items[0][quantity]"),
        (["line_items", 0, "price_data", "currency"], "xyz", None, "line_items[0][price_data][currency]"),
        (["line_items", 0, "price_data", "unit_amount"], -1, "parameter_invalid_integer", None),
        (["line_items", 0, "price_data", "product_data"], {}, None, None),
        (["client_reference_id"], "x" * 201, None, "client_reference_id"),
        (["customer_email"], "nobody", "email_invalid", "customer_email"),
        (["customer_email"], "", "parameter_invalid_empty", "customer_email"),
        (["success_url"], "/done/", "url_invalid", "success_url"),
        (["locale"], "tlh", None, "locale"),
        (["mode"], "subscription", None, "mode"),
        (["expires_at"], "soon", "parameter_invalid_integer", "expires_at"),
        (["expires_at"], {"a": "1"}, None, "expires_at"),
        (["adaptive_pricing"], {"enabled": "maybe"}, None, "adaptive_pricing[enabled]"),
        (["payment_intent_data", "capture_method"], "never", None, "payment_intent_data[capture_method]"),
        (["allowed_payment_method_types"], ["shells"], None, "allowed_payment_method_types[0]"),
        (["allowed_payment_method_types"], ["ideal"], None, "allowed_payment_method_types"),
        (["payment_method_types"], ["card"], "parameter_unknown", "payment_method_types"),
        (["expand"], ["customer"], None, "expand[0]"),
        (["expand"], ["payment_intent.latest_charge.payment_intent.latest_charge.refunds"], None, "expand"),
    ],
)
def test_a_session_with_a_wrong_parameter_is_not_made(client, fake, place, value, code, param):
    with pytest.raises(sdk.InvalidRequestError) as error:
        client.v1.checkout.sessions.create(session_with(place, value))
    status, kind, said_code, said_param = refusal(error)
    assert (status, kind) == (400, "invalid_request_error")
    assert code is None or said_code == code
    assert param is None or said_param == param
    assert fake.control.objects("checkout.session") == []


@pytest.mark.parametrize("name", ["mode", "line_items", "success_url"])
def test_a_session_needs_its_required_parameters(client, name):
    params = session_params()
    del params[name]
    with pytest.raises(sdk.InvalidRequestError, match=f"Missing required param: {name}") as error:
        client.v1.checkout.sessions.create(params)
    assert refusal(error)[2:] == ("parameter_missing", name)


def test_all_unknown_parameters_are_named(client):
    with pytest.raises(sdk.InvalidRequestError, match="Received unknown parameters: one, two"):
        client.v1.refunds.create({"one": "1", "two": "2"})


@pytest.mark.parametrize("body", ["a[b=1", "[a]=1", "mode=payment&mode=payment", "mode=payment&mode[a]=1"])
def test_a_body_that_contradicts_itself_is_refused(fake, body):
    assert form(fake, "POST", "/v1/checkout/sessions", body)[0].status == 400


def test_brackets_may_be_empty_as_curl_writes_them(fake, client):
    session = open_session(client)
    path = f"/v1/checkout/sessions/{session.id}?expand[]=line_items&expand[]=payment_intent"
    assert '"A chair"' in form(fake, "GET", path)[1]


def test_metadata_with_numbers_for_keys_is_no_list(client):
    session = open_session(client, metadata={"0": "zero", "1": "one"})
    assert session.metadata.to_dict() == {"0": "zero", "1": "one"}


def test_lists_are_narrowed_by_time_and_walked_both_ways(client, fake):
    ids = [open_session(client).id for _ in range(3)]
    now = int(time.time())
    sessions = client.v1.checkout.sessions
    assert len(sessions.list({"created": {"gte": now - 60, "lte": now + 60}}).data) == 3
    assert list(sessions.list({"created": {"gt": now + 60}}).data) == []
    assert list(sessions.list({"created": now - 3600}).data) == []
    page = sessions.list({"ending_before": ids[0], "limit": 1})
    assert ([row.id for row in page.data], page.has_more) == ([ids[1]], True)
    with pytest.raises(sdk.InvalidRequestError) as error:
        sessions.list({"starting_after": "cs_test_none"})
    assert refusal(error)[2:] == ("resource_missing", "starting_after")
    with pytest.raises(sdk.InvalidRequestError):
        sessions.list({"limit": 101})
    with pytest.raises(sdk.InvalidRequestError):
        sessions.list({"expand": ["payment_intent"]})
    assert len(sessions.list({"expand": ["data.payment_intent"]}).data) == 3


def test_what_is_not_there_is_missing(client, fake):
    for call in (
        lambda: client.v1.checkout.sessions.retrieve("cs_test_none"),
        lambda: client.v1.payment_intents.capture("pi_none"),
        lambda: client.v1.charges.retrieve("pi_none"),
        lambda: client.v1.refunds.create({"payment_intent": "pi_none"}),
    ):
        with pytest.raises(sdk.InvalidRequestError) as error:
            call()
        assert refusal(error)[:3] == (404, "invalid_request_error", "resource_missing")
    assert form(fake, "GET", "/v1/customers")[0].status == 404
    assert form(fake, "DELETE", "/v1/events")[0].status == 404


def test_a_refund_names_either_a_charge_or_an_intent(client, fake):
    intent = paid_intent(client, fake)
    with pytest.raises(sdk.InvalidRequestError):
        client.v1.refunds.create({"amount": 1})
    with pytest.raises(sdk.InvalidRequestError) as error:
        client.v1.refunds.create({"payment_intent": intent.id, "charge": intent.latest_charge})
    assert refusal(error)[2] == "parameters_exclusive"
    with pytest.raises(sdk.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": intent.id, "reason": "because"})
    assert fake.control.objects("refund") == []


def test_a_key_that_is_too_long_is_refused(client):
    with pytest.raises(sdk.InvalidRequestError, match="too long"):
        open_session(client, key="k" * 256)


# Currencies


@pytest.mark.parametrize(
    ("currency", "amount", "refund"),
    [("jpy", 5000, 1), ("krw", 70, 7), ("kwd", 12340, 10), ("bhd", 500, 490), ("usd", 50, 49), ("isk", 50000, 100)],
)
def test_currencies_with_no_two_or_three_decimals_are_paid_and_refunded_to_the_unit(
    client, fake, currency, amount, refund
):
    intent = paid_intent(client, fake, amount=amount, currency=currency)
    assert (intent.amount_received, intent.currency) == (amount, currency)
    client.v1.refunds.create({"payment_intent": intent.id, "amount": refund})
    assert fake.control.charged("A1") == {"charges": 1, "captured": amount, "refunded": refund}


@pytest.mark.parametrize(
    ("currency", "amount", "code"),
    [
        ("kwd", 12345, "parameter_invalid_integer"),
        ("isk", 50050, "parameter_invalid_integer"),
        ("eur", 49, "amount_too_small"),
        ("jpy", 49, "amount_too_small"),
        ("eur", 0, "amount_too_small"),
        ("eur", 100_000_000, "amount_too_large"),
    ],
)
def test_amounts_that_the_provider_cannot_take_are_refused(client, fake, currency, amount, code):
    with pytest.raises(sdk.InvalidRequestError) as error:
        open_session(client, amount=amount, currency=currency)
    assert refusal(error)[2] == code
    assert fake.control.objects("checkout.session") == []


def test_a_refund_in_three_decimals_ends_in_zero_too(client, fake):
    intent = paid_intent(client, fake, amount=12340, currency="kwd")
    with pytest.raises(sdk.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": intent.id, "amount": 5})
    assert fake.control.charged("A1")["refunded"] == 0


def test_one_session_has_one_currency(client):
    params = session_params()
    price = {"currency": "usd", "unit_amount": 100, "product_data": {"name": "A lamp"}}
    params["line_items"].append({"price_data": price})
    with pytest.raises(sdk.InvalidRequestError, match="same currency"):
        client.v1.checkout.sessions.create(params)


# Faults


@pytest.mark.parametrize(("status", "error"), [(429, sdk.RateLimitError), (500, sdk.APIError), (402, sdk.CardError)])
def test_a_status_comes_as_often_as_asked_and_nothing_is_done(client, fake, status, error):
    fake.control.fault("status", on="POST /v1/*", status=status, count=2)
    for _ in range(2):
        with pytest.raises(error):
            open_session(client, key="order-1-pay-1")
    assert fake.control.objects("checkout.session") == []
    assert open_session(client, key="order-1-pay-1").status == "open"


def test_an_error_may_come_although_the_work_was_done(client, fake):
    intent = paid_intent(client, fake)
    fake.control.fault("commit_then_status", on="POST /v1/refunds")
    with pytest.raises(sdk.APIError):
        client.v1.refunds.create({"payment_intent": intent.id}, {"idempotency_key": "refund-1"})
    assert client.v1.refunds.create({"payment_intent": intent.id}, {"idempotency_key": "refund-1"}).amount == 4999
    assert len(fake.control.objects("refund")) == 1


def test_a_connection_may_end_before_anything_is_done(client, fake):
    fake.control.fault("reset")
    with pytest.raises(sdk.APIConnectionError):
        open_session(client)
    assert fake.control.objects("checkout.session") == []


def test_the_sdk_retries_a_lost_answer_by_itself_and_makes_one_session(fake):
    fake.control.fault("commit_then_drop")
    patient = sdk.StripeClient("sk_test_x", base_addresses={"api": fake.url}, max_network_retries=1)
    session = patient.v1.checkout.sessions.create(session_params())
    assert [row["id"] for row in fake.control.objects("checkout.session")] == [session.id]


def test_a_call_may_hang_and_still_be_done(client, fake):
    fake.control.fault("hang", seconds=0.01)
    assert open_session(client).status == "open"
    fake.control.fault("hang", seconds=0.01)
    assert len(client.v1.checkout.sessions.list().data) == 1


def test_a_fault_that_does_not_exist_is_refused(fake):
    with pytest.raises(ValueError, match="No such fault: flood"):
        fake.control.fault("flood")


# Bare intents and the unusual ways of payers


def test_an_intent_is_confirmed_authenticated_and_cancelled_by_the_server(client, fake):
    intents = client.v1.payment_intents
    intent = intents.create({"amount": 900, "currency": "eur"})
    assert intent.status == "requires_payment_method"
    with pytest.raises(sdk.InvalidRequestError, match="missing a payment method"):
        intents.confirm(intent.id)
    with pytest.raises(sdk.InvalidRequestError, match="No such PaymentMethod"):
        intents.confirm(intent.id, {"payment_method": "pm_card_none"})
    asked = intents.confirm(intent.id, {"payment_method": "pm_card_threeDSecure2Required"})
    assert (asked.status, asked.next_action.type) == ("requires_action", "redirect_to_url")
    assert fake.control.authenticate(intent.id)["status"] == "succeeded"
    with pytest.raises(sdk.InvalidRequestError, match="could not be canceled"):
        intents.cancel(intent.id)
    waiting = intents.create({"amount": 900, "currency": "eur", "payment_method": "pm_card_visa"})
    assert waiting.status == "requires_confirmation"
    assert intents.cancel(waiting.id, {"cancellation_reason": "abandoned"}).cancellation_reason == "abandoned"
    assert [row.id for row in intents.list().data] == [waiting.id, intent.id]
    assert len(client.v1.charges.list({"payment_intent": intent.id}).data) == 1


def test_an_expired_card_has_its_own_code(client):
    params = {"amount": 900, "currency": "eur", "confirm": True, "payment_method": "pm_card_chargeDeclinedExpiredCard"}
    with pytest.raises(sdk.CardError) as error:
        client.v1.payment_intents.create(params)
    assert error.value.code == "expired_card"
    assert error.value.json_body["error"]["payment_intent"]["status"] == "requires_payment_method"


def test_the_lines_of_a_session_are_walked_by_page(client):
    price = {"currency": "eur", "unit_amount": 500, "product_data": {"name": "A lamp"}}
    session = open_session(client, line_items=[{"price_data": price, "quantity": n} for n in (1, 2, 3)])
    page = client.v1.checkout.sessions.line_items.list(session.id, {"limit": 2})
    assert ([line.amount_total for line in page.data], page.has_more) == ([500, 1000], True)
    assert [line.amount_total for line in page.auto_paging_iter()] == [500, 1000, 1500]


def test_an_answer_that_comes_after_a_reset_is_kept_nowhere(client, fake):
    fake.api.keys.claim("order-1-pay-1", "/v1/refunds", "")
    fake.control.reset()
    fake.api.keys.keep("order-1-pay-1", Answer(200, b"{}", "req_1"))
    assert open_session(client, key="order-1-pay-1").status == "open"


@pytest.mark.parametrize("success", [True, False])
def test_a_bare_delayed_intent_settles(client, fake, success):
    params = {"amount": 900, "currency": "eur", "confirm": True, "payment_method": "pm_sepa_debit"}
    intent = client.v1.payment_intents.create(params)
    assert intent.status == "processing"
    assert fake.control.settle(intent.id, success=success)["amount_received"] == (900 if success else 0)


def test_a_second_payment_of_an_order_is_seen_as_a_double_charge(client, fake):
    paid_intent(client, fake)
    assert fake.control.double_charges() == []
    second = paid_intent(client, fake)
    paid_intent(client, fake, order="A2")
    assert fake.control.double_charges() == ["A1"]
    client.v1.refunds.create({"payment_intent": second.id})
    assert fake.control.double_charges() == []
    assert fake.control.charged("A1") == {"charges": 2, "captured": 9998, "refunded": 4999}


def test_an_object_can_be_made_to_lie(client, fake):
    intent = paid_intent(client, fake)
    fake.control.alter(intent.id, livemode=True, amount_received=1, currency="usd")
    altered = client.v1.payment_intents.retrieve(intent.id)
    assert (altered.livemode, altered.amount_received, altered.currency) == (True, 1, "usd")


def test_what_has_ended_does_not_end_again(client, fake):
    intent = paid_intent(client, fake)
    refund = fake.control.refund(intent.id, amount=100, reason="duplicate")
    fake.control.fail_refund(refund["id"])
    dispute = fake.control.dispute(intent.latest_charge, amount=4000)
    fake.control.decide(dispute["id"], won=True)
    for again in (
        lambda: fake.control.fail_refund(refund["id"]),
        lambda: fake.control.dispute(intent.id),
        lambda: fake.control.decide(dispute["id"], won=False),
        lambda: fake.control.settle(intent.id),
    ):
        with pytest.raises(Exception, match=r"status|cannot be disputed|already closed"):
            again()
    assert client.v1.refunds.create({"payment_intent": intent.id}).amount == 4999


def test_a_session_takes_only_its_own_methods_and_cards_that_exist(client, fake):
    session = open_session(client, allowed_payment_method_types=["card"])
    assert session.payment_method_types == ["card"]
    with pytest.raises(Exception, match="does not take sepa_debit"):
        fake.control.pay(session.id, card=cards.DELAYED)
    with pytest.raises(ValueError, match="No such card"):
        fake.control.pay(session.id, card="1234")
    with pytest.raises(Exception, match="status of `open`"):
        fake.control.authenticate(session.id)
    with pytest.raises(ValueError, match="forward only"):
        fake.control.advance(-1)


def test_an_authorised_charge_cannot_be_refunded_before_it_is_captured(client, fake):
    session = open_session(client, payment_intent_data={"capture_method": "manual"}, customer_email="ada@example.com")
    intent = fake.control.pay(session.id)
    assert intent["receipt_email"] == "ada@example.com"
    with pytest.raises(sdk.InvalidRequestError, match="not captured"):
        client.v1.refunds.create({"charge": intent["latest_charge"]})
    found = client.v1.checkout.sessions.list({"customer_details": {"email": "ada@example.com"}})
    assert [row.id for row in found.data] == [session.id]


def test_a_body_that_is_too_large_is_refused(fake):
    headers = {"Content-Length": str(2 * 1024 * 1024)}
    assert form(fake, "POST", "/v1/refunds", "", **headers)[0].status == 413


def test_the_order_of_parameters_does_not_make_another_request(fake, client):
    intent = paid_intent(client, fake)
    body = {"payment_intent": intent.id, "amount": "100"}
    key = {"Idempotency-Key": "refund-1"}
    first = form(fake, "POST", "/v1/refunds", urlencode(body), **key)
    again = form(fake, "POST", "/v1/refunds", urlencode(dict(reversed(body.items()))), **key)
    assert first[1] == again[1]
    assert again[0].headers["Idempotent-Replayed"] == "true"
