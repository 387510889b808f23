"""The fake Stripe knows no parameter, choice or field that the official SDK does not know."""

import typing
from types import UnionType

import pytest
import stripe as sdk
import stripe.params as real
from stripe.params import checkout

from apps.payments.fake_stripe import FakeStripe, cards, schemas
from apps.payments.tests.test_fake_stripe import client_of, open_session

TABLES = [
    (schemas.SESSION_CREATE, checkout.SessionCreateParams),
    (schemas.SESSION_LIST, checkout.SessionListParams),
    (schemas.SESSION_LINES, checkout.SessionListLineItemsParams),
    (schemas.INTENT_CREATE, real.PaymentIntentCreateParams),
    (schemas.INTENT_CONFIRM, real.PaymentIntentConfirmParams),
    (schemas.INTENT_CAPTURE, real.PaymentIntentCaptureParams),
    (schemas.INTENT_CANCEL, real.PaymentIntentCancelParams),
    (schemas.CHARGE_LIST, real.ChargeListParams),
    (schemas.REFUND_CREATE, real.RefundCreateParams),
    (schemas.BY_PAYMENT, real.RefundListParams),
    (schemas.BY_PAYMENT, real.DisputeListParams),
    (schemas.EVENT_LIST, real.EventListParams),
]
SPANS = {"gt", "gte", "lt", "lte"}


def is_shape(hint):
    return isinstance(hint, type) and hasattr(hint, "__required_keys__")


def hints_within(hint):
    """The typed dictionaries and the literals of an annotation, wherever they are nested."""
    if is_shape(hint):
        yield hint
    elif typing.get_origin(hint) is typing.Literal:
        yield from typing.get_args(hint)
    elif typing.get_origin(hint) in (typing.Union, UnionType, list, typing.NotRequired, typing.Required):
        for inner in typing.get_args(hint):
            yield from hints_within(inner)


def strangers(table, shape, path=""):
    """The names and choices of the table that the SDK's shape does not have."""
    # Names that only type checkers can see, of no matter here.
    unseen = {"StripeContext": str, "Mapping": dict}
    hints = typing.get_type_hints(shape, localns=unseen)
    for name, parameter in table.items():
        where = f"{path}[{name}]" if path else name
        if name not in hints:
            yield where
            continue
        within = list(hints_within(hints[name]))
        yield from (f"{where}={choice}" for choice in parameter.choices if within and choice not in (*within, "true"))
        if parameter.inside and parameter.inside.keys() != SPANS:
            inner = [each for each in within if is_shape(each)]
            yield from strangers(parameter.inside, inner[0], where) if inner else [f"{where} holds nothing"]


@pytest.mark.parametrize(("table", "shape"), TABLES, ids=lambda value: getattr(value, "__name__", ""))
def test_every_parameter_and_choice_is_a_real_one(table, shape):
    assert list(strangers(table, shape)) == []


def test_the_comparison_finds_what_is_made_up():
    made_up = {"colour": schemas.CAPTURE, "mode": schemas.CAPTURE, "payment_intent_data": schemas.SHIPPING}
    found = list(strangers(made_up, checkout.SessionCreateParams))
    assert found[:2] == ["colour", "mode=automatic"]
    assert "payment_intent_data[address]" in found


def test_every_field_and_event_is_a_real_one():
    shapes = {
        "checkout.session": sdk.checkout.Session,
        "payment_intent": sdk.PaymentIntent,
        "charge": sdk.Charge,
        "refund": sdk.Refund,
        "dispute": sdk.Dispute,
        "event": sdk.Event,
    }
    with FakeStripe() as fake:
        client = client_of(fake)
        fake.control.pay(open_session(client).id, card=cards.DECLINED)
        intent = fake.control.pay(open_session(client).id)
        fake.control.fail_refund(fake.control.refund(intent["id"], amount=100)["id"])
        fake.control.decide(fake.control.dispute(intent["id"])["id"], won=True)
        for kind, shape in shapes.items():
            rows = fake.control.objects(kind)
            assert rows
            for row in rows:
                assert set(row) - set(shape.__annotations__) == set()
        kinds = {row["type"] for row in fake.control.events()}
    assert len(kinds) == 15
    assert kinds - set(hints_within(sdk.Event.__annotations__["type"])) == set()
