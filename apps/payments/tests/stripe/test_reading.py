"""What each of Stripe's objects means, of every field that is read."""

from datetime import UTC, datetime

import pytest

from apps.core.money import Money
from apps.payments.gateways import Settlement, ToldDispute, ToldRefund
from apps.payments.stripe.reading import dispute_of, hint_of, id_of, refund_of, settlement_of

SESSION = {
    "id": "cs_1",
    "livemode": False,
    "status": "complete",
    "amount_total": 3688,
    "currency": "eur",
    "metadata": {"order_number": "7K2M-9QXD", "payment_ref": "ref-1"},
}
INTENT = {
    "id": "pi_1",
    "livemode": False,
    "status": "succeeded",
    "amount": 3688,
    "amount_received": 3600,
    "amount_capturable": 0,
    "currency": "eur",
    "metadata": {"order_number": "its-own", "payment_ref": "ref-2"},
    "latest_charge": {"payment_method_details": {"card": {"capture_before": 86_400}}},
}
REFUND = {"id": "re_1", "amount": 200, "currency": "eur", "status": "succeeded", "metadata": {"refund_ref": "r-1"}}
DISPUTE = {"id": "dp_1", "amount": 300, "currency": "eur", "status": "needs_response", "reason": "fraudulent"}
OTHER_MODE = "an object of the other mode (test or live)"

pytestmark = pytest.mark.one_database("sqlite")


@pytest.fixture(autouse=True)
def stripe(settings):
    """Nobody is asked here."""
    settings.STRIPE_SECRET_KEY = "sk_test_shop"


def test_a_session_with_its_payment_and_what_went_back():
    assert settlement_of(SESSION, INTENT, [REFUND], [DISPUTE, {**DISPUTE, "status": "warning_closed"}]) == Settlement(
        state="succeeded",
        money=Money(3600, "EUR"),
        order_number="7K2M-9QXD",
        payment_ref="ref-1",
        session_ref="cs_1",
        intent_ref="pi_1",
        until=datetime(1970, 1, 2, tzinfo=UTC),
        doubt="",
        refunds=(ToldRefund("re_1", "r-1", Money(200, "EUR"), "succeeded", ""),),
        disputes=(ToldDispute("dp_1", Money(300, "EUR"), "open", "fraudulent"),),
    )


def test_a_session_that_nobody_has_paid():
    assert settlement_of({**SESSION, "status": "open"}, None) == Settlement(
        state=None,
        money=Money(3688, "EUR"),
        order_number="7K2M-9QXD",
        payment_ref="ref-1",
        session_ref="cs_1",
        intent_ref="",
    )


def test_a_payment_without_a_session_says_itself_what_it_is_of():
    bare = {**INTENT, "latest_charge": "ch_1"}
    assert settlement_of(None, bare) == Settlement(
        state="succeeded",
        money=Money(3600, "EUR"),
        order_number="its-own",
        payment_ref="ref-2",
        session_ref="",
        intent_ref="pi_1",
    )
    assert settlement_of(None, {**bare, "metadata": None}).order_number == ""
    assert settlement_of(None, {**bare, "metadata": None}).payment_ref == ""


@pytest.mark.parametrize(
    ("session", "intent", "number"),
    [
        ({"metadata": None}, {}, "its-own"),
        ({"metadata": {}}, {}, "its-own"),
        ({}, {"metadata": None}, "7K2M-9QXD"),
        ({"metadata": None}, {"metadata": None}, ""),
    ],
)
def test_the_session_says_of_which_order_it_is_and_else_its_payment_does(session, intent, number):
    assert settlement_of({**SESSION, **session}, {**INTENT, **intent}).order_number == number


@pytest.mark.parametrize(
    ("session", "intent", "state"),
    [
        ("complete", "succeeded", "succeeded"),
        ("expired", "succeeded", "succeeded"),
        ("complete", "requires_capture", "authorised"),
        ("complete", "processing", "pending"),
        ("expired", None, "closed"),
        ("expired", "requires_payment_method", "closed"),
        ("complete", "canceled", "closed"),
        (None, "canceled", "closed"),
        ("complete", "requires_payment_method", "failed"),
        ("open", "canceled", None),
        ("open", "requires_payment_method", None),
        ("open", None, None),
        ("complete", None, None),
        (None, "requires_payment_method", None),
    ],
)
def test_the_money_decides_and_where_none_has_moved_the_session_does(session, intent, state):
    told = settlement_of(session and {**SESSION, "status": session}, intent and {**INTENT, "status": intent})
    assert told.state == state


@pytest.mark.parametrize(("received", "capturable", "amount"), [(3600, 5, 3600), (0, 3500, 3500), (0, 0, 3688)])
def test_what_came_counts_before_what_can_be_taken_and_that_before_what_was_asked_for(received, capturable, amount):
    told = settlement_of(SESSION, {**INTENT, "amount_received": received, "amount_capturable": capturable})
    assert told.money == Money(amount, "EUR")


@pytest.mark.parametrize(
    ("key", "session", "intent", "doubt"),
    [
        ("sk_test_shop", False, False, ""),
        ("sk_test_shop", True, False, OTHER_MODE),
        ("sk_test_shop", False, True, ""),  # the session is asked first
        ("sk_live_shop", True, True, ""),
        ("rk_live_shop", True, True, ""),
        ("sk_live_shop", False, False, OTHER_MODE),
    ],
)
def test_an_object_of_the_other_mode_is_doubted(settings, key, session, intent, doubt):
    settings.STRIPE_SECRET_KEY = key
    assert settlement_of({**SESSION, "livemode": session}, {**INTENT, "livemode": intent}).doubt == doubt


def test_a_payment_of_the_other_mode_is_doubted_where_there_is_no_session():
    assert settlement_of(None, {**INTENT, "livemode": True}).doubt == OTHER_MODE


def test_a_session_of_no_sum_is_of_no_currency():
    assert settlement_of({**SESSION, "amount_total": None, "currency": None}, None).money == Money(0, "XXX")


@pytest.mark.parametrize(
    ("charge", "until"),
    [
        (None, None),
        ("ch_1", None),
        ({}, None),
        ({"payment_method_details": None}, None),
        ({"payment_method_details": {"card": None}}, None),
        ({"payment_method_details": {"card": {"capture_before": None}}}, None),
        ({"payment_method_details": {"card": {"capture_before": 60}}}, datetime(1970, 1, 1, 0, 1, tzinfo=UTC)),
    ],
)
def test_an_authorisation_holds_as_long_as_its_card_says(charge, until):
    assert settlement_of(SESSION, {**INTENT, "latest_charge": charge}).until == until


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("succeeded", "succeeded"),
        ("failed", "failed"),
        ("canceled", "failed"),
        ("pending", "pending"),
        ("requires_action", "pending"),
    ],
)
def test_a_refund_is_through_or_has_failed_or_is_on_its_way(status, state):
    assert refund_of({**REFUND, "status": status}).state == state


def test_a_refund_that_was_made_elsewhere_and_failed_says_why_without_secrets():
    raw = {**REFUND, "status": "failed", "metadata": None, "failure_reason": "lost sk_test_abcdefgh"}
    assert refund_of(raw) == ToldRefund("re_1", "", Money(200, "EUR"), "failed", "lost …")
    assert refund_of({**REFUND, "metadata": {}}).our_ref == ""


@pytest.mark.parametrize(
    ("status", "state"),
    [("won", "won"), ("prevented", "won"), ("lost", "lost"), ("under_review", "open"), ("needs_response", "open")],
)
def test_a_dispute_is_open_until_it_is_won_or_lost(status, state):
    assert dispute_of({**DISPUTE, "status": status, "reason": None}) == ToldDispute(
        "dp_1", Money(300, "EUR"), state, ""
    )


def event(kind, **raw):
    return {"livemode": True, "data": {"object": {"object": kind, "id": "x_1", **raw}}}


@pytest.mark.parametrize(
    ("kind", "raw", "ids"),
    [
        ("checkout.session", {"payment_intent": "pi_1"}, {"session": "x_1", "intent": "pi_1"}),
        ("checkout.session", {"payment_intent": {"id": "pi_2"}}, {"session": "x_1", "intent": "pi_2"}),
        (
            "checkout.session",
            {"payment_intent": None, "metadata": {"payment_ref": "ref-1"}},
            {"session": "x_1", "intent": "", "payment": "ref-1"},
        ),
        ("payment_intent", {"metadata": {}}, {"intent": "x_1", "payment": ""}),
        ("payment_intent", {"metadata": {"payment_ref": None}}, {"intent": "x_1", "payment": ""}),
        ("charge", {"payment_intent": "pi_1", "metadata": {"payment_ref": "ref-1"}}, {"intent": "pi_1"}),
        ("refund", {"payment_intent": "pi_1"}, {"intent": "pi_1"}),
        ("dispute", {}, {"intent": ""}),
        ("payout", {"payment_intent": "pi_1"}, {}),
    ],
)
def test_of_an_event_its_references_are_kept(kind, raw, ids):
    assert hint_of(event(kind, **raw)) == {"livemode": True, "object": kind, "id": "x_1", **ids}


@pytest.mark.parametrize("length", [255, 256])
def test_a_reference_is_at_most_255_characters_long(length):
    told = event("refund", payment_intent="p" * length)
    if length == 255:
        assert hint_of(told)["intent"] == "p" * 255
    else:
        with pytest.raises(ValueError, match=r"^This is no event\.$"):
            hint_of(told)


@pytest.mark.parametrize(
    "strange",
    [
        {},
        {"livemode": True, "data": None},
        {"livemode": True, "data": {"object": {"object": "refund"}}},
        {"data": {"object": {"object": "payout", "id": "x_1"}}},
        {"livemode": True, "data": {"object": {"object": "payout", "id": 7}}},
    ],
)
def test_what_is_no_event_is_refused(strange):
    with pytest.raises(ValueError, match=r"^This is no event\.$"):
        hint_of(strange)


@pytest.mark.parametrize(("value", "ref"), [("pi_1", "pi_1"), ({"id": "pi_1"}, "pi_1"), (None, ""), ("", ""), ({}, "")])
def test_a_reference_is_an_id_or_the_object_itself(value, ref):
    assert id_of(value) == ref
