"""The test bank as a provider that can be asked."""

from collections.abc import Mapping
from typing import Any

from apps.payments.gateways import GatewayRefused, MissedEvent, Settlement, ToldRefund
from apps.payments.models import Payment, Refund
from apps.payments.sandbox import book


class SandboxGateway:
    code = book.CODE

    def doubts(self, payload: Mapping[str, Any]) -> str:
        return ""

    def settlement(self, payment: Payment, *, patient: bool = True) -> Settlement | None:
        return book.settlement(payment.ref)

    def stranger(self, payload: Mapping[str, Any]) -> Settlement | None:
        return None

    def capture(self, payment: Payment) -> None:
        raise GatewayRefused("The test bank authorises nothing.")

    def refund(self, refund: Refund) -> ToldRefund:
        if not book.refund(refund.payment.ref, key=refund.idempotency_key, amount=refund.amount):
            raise GatewayRefused("The test bank has not taken that much.")
        return ToldRefund(f"sandbox-{refund.ref}", refund.ref, refund.money, Refund.State.SUCCEEDED)

    def missed_events(self) -> list[MissedEvent]:
        return [
            MissedEvent(entry.event_id, f"payment.{entry.outcome}", {"payment": entry.payment_ref})
            for entry in book.decided_without_effect()
        ]
