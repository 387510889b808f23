"""What the shop needs from a payment provider. One driver per provider implements it and alone imports its SDK."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from apps.core.money import Money
from apps.payments.models import Dispute, Payment, Refund


class GatewayUnavailable(Exception):
    """The provider did not answer, or not in a way that tells what it did: unknown; ask again by the same key."""


class GatewayRefused(Exception):
    """The provider said no for good; its message is for staff, never for buyers."""


@dataclass(frozen=True, slots=True)
class ToldRefund:
    """A refund as the provider holds it; `our_ref` is empty for one that was made outside the shop."""

    provider_ref: str
    our_ref: str
    money: Money
    state: Refund.State
    failure: str = ""


@dataclass(frozen=True, slots=True)
class ToldDispute:
    provider_ref: str
    money: Money
    state: Dispute.State
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a provider holds true of a payment; `state` is None while nobody has decided, `money` is what it took.

    `until` ends an authorisation. With a `doubt` (a sentence for staff) nothing of it may be believed.
    """

    state: Payment.State | None
    money: Money
    order_number: str
    payment_ref: str = ""
    session_ref: str = ""
    intent_ref: str = ""
    until: datetime | None = None
    doubt: str = ""
    refunds: tuple[ToldRefund, ...] = ()
    disputes: tuple[ToldDispute, ...] = ()


@dataclass(frozen=True, slots=True)
class MissedEvent:
    """Something a provider tells that the inbox does not have: the id, kind and payload its webhook would bring."""

    event_id: str
    kind: str
    payload: dict[str, Any]


class Gateway(Protocol):
    """Every method but the constructor uses the network, with a time limit; never inside a transaction.

    All raise GatewayUnavailable when the outcome is unknown, and GatewayRefused when the provider says no.
    """

    code: str

    def doubts(self, payload: Mapping[str, Any]) -> str:
        """Why an event must not be acted on, for staff to read; empty for one that may. No network."""

    def settlement(self, payment: Payment, *, patient: bool = True) -> Settlement | None:
        """What the provider says of the payment now; None if it does not know it.

        `patient=False` gives up early, for pages that can do without the answer.
        """

    def stranger(self, payload: Mapping[str, Any]) -> Settlement | None:
        """What the provider says of the object that an event names, and that no payment of ours is known to be."""

    def capture(self, payment: Payment) -> None:
        """Take the authorised money; may be repeated and takes it once. What came of it is for `settlement`."""

    def refund(self, refund: Refund) -> ToldRefund:
        """Ask for the refund under its stored `idempotency_key`; may be repeated and refunds once."""

    def missed_events(self) -> list[MissedEvent]:
        """What reconciliation should look at because no webhook brought it."""


_gateways: dict[str, Gateway] = {}


def register_gateway(gateway: Gateway) -> None:
    _gateways[gateway.code] = gateway


def gateways() -> Mapping[str, Gateway]:
    """By code of the payment method. Those of methods that are switched off too: their money still has to be asked."""
    return _gateways
