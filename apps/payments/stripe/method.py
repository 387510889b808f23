"""Stripe as a way to pay: the buyer leaves for Stripe's own page, and card data never touches the shop."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core import crash
from apps.orders.extensions import PaymentUnavailable
from apps.orders.models import Order
from apps.payments import states
from apps.payments.gateways import GatewayRefused, GatewayUnavailable
from apps.payments.models import Payment
from apps.payments.services import attempts, check_payment
from apps.payments.stripe import CODE, reading, sessions
from apps.payments.stripe.amounts import NotPayable, to_stripe
from apps.payments.stripe.client import GatewayBroken, asking, client
from apps.pricing.quote import Quote

State = Payment.State


class StripeMethod:
    code = CODE
    label: str | Promise = _("Card and other ways")
    description: str | Promise = _("You pay on the page of our payment provider, by card, wallet or bank.")

    def available(self, quote: Quote) -> bool:
        """Not for sums that Stripe can't take, such as fils that do not end in 0."""
        try:
            return to_stripe(quote.total) > 0
        except NotPayable:
            return False

    def prepare(self, order: Order, *, first: bool = False) -> None:
        """Open an attempt unless one is open; the caller holds the order's lock."""
        if first or attempts.current_attempt(order) is None:
            attempts.open_attempt(order, method=self.code, first=first)

    def start(self, order: Order) -> str:
        """The page of the open attempt's session, made under its stored key; repeatable.

        The order's own page where there is nothing to pay any more. Raises PaymentUnavailable while Stripe does not
        answer (the attempt stays, and the next start asks the same) or has refused (the next start is a new attempt).
        """
        try:
            if not attempts.make_way(order, method=self.code):
                return order.get_absolute_url()
            return self._page_of(order) or self._page_of(order) or order.get_absolute_url()
        except (GatewayUnavailable, GatewayRefused) as error:
            raise PaymentUnavailable from error

    def close(self, order: Order) -> bool:
        """End what is open. False while Stripe may still bring money, has brought it, or does not answer."""
        open_ones = Payment.unscoped.filter(order=order, method=self.code, state__in=states.OPEN)
        closed = [self._close(payment) for payment in open_ones]
        return all(closed)

    def _page_of(self, order: Order) -> str:
        """Empty if the attempt turned out to have ended, so that a new one may be made."""
        payment = attempts.renew_attempt(order, method=self.code)
        if payment is None:
            return order.get_absolute_url()
        if not payment.session_ref:
            return self._create(payment)
        return self._url(payment, sessions.retrieve(payment.session_ref))

    def _create(self, payment: Payment) -> str:
        ends = sessions.ends_at(payment.order)
        request = {**sessions.request_of(payment), "expires_at": int(ends.timestamp())}
        if not attempts.note_asked(payment, request=request, expires_at=ends):
            return payment.order.get_absolute_url()
        crash.point("payments.stripe.asked")
        try:
            session = sessions.create(payment.request, key=payment.idempotency_key)
        except (GatewayRefused, GatewayBroken) as refusal:
            # Nobody was ever shown the page of a session that failed, so no money can come by it.
            states.move(payment, State.FAILED, failure=str(refusal)[:300])
            raise
        crash.point("payments.stripe.session_made")
        Payment.unscoped.filter(pk=payment.pk, session_ref="").update(session_ref=session["id"])
        crash.point("payments.stripe.session_noted")
        payment.refresh_from_db()
        if payment.state not in states.OPEN:  # closed while Stripe was asked
            self._try(sessions.expire, session["id"])
            return payment.order.get_absolute_url()
        return self._url(payment, session)

    def _url(self, payment: Payment, session: sessions.Raw) -> str:
        if session["status"] == "open":
            return str(session["url"])
        check_payment(payment_id=payment.pk)
        return "" if session["status"] == "expired" else payment.order.get_absolute_url()

    def _close(self, payment: Payment) -> bool:
        try:
            return attempts.close_unasked(payment) or self._close_there(payment)
        except GatewayUnavailable:
            return False

    def _close_there(self, payment: Payment) -> bool:
        """Ask Stripe to end the session and let an authorisation go; its word afterwards decides."""
        if not self._note_session(payment):
            states.move(payment, State.CLOSED)
            return True
        session = sessions.retrieve(payment.session_ref)
        if session["status"] == "open":
            self._try(sessions.expire, payment.session_ref)
            crash.point("payments.stripe.session_expired")
        elif (session.get("payment_intent") or {}).get("status") == "requires_capture":
            self._try(_let_go, session["payment_intent"]["id"])
            crash.point("payments.stripe.authorisation_let_go")
        return self._ended(payment)

    def _note_session(self, payment: Payment) -> bool:
        """Whether Stripe has a session of the attempt; one whose answer was lost is given again by the key."""
        if payment.session_ref:
            return True
        try:
            session = sessions.create(payment.request, key=payment.idempotency_key)
        except GatewayRefused:
            return False
        Payment.unscoped.filter(pk=payment.pk, session_ref="").update(session_ref=session["id"])
        payment.session_ref = session["id"]
        return True

    def _ended(self, payment: Payment) -> bool:
        from apps.payments.tasks import check_later

        session = sessions.retrieve(payment.session_ref)
        intent = session.get("payment_intent")
        told = reading.settlement_of(session, intent)
        if told.state in {State.CLOSED, State.FAILED}:
            states.move(payment, State.CLOSED)
            return True
        if told.state == State.SUCCEEDED:
            check_later.enqueue(payment.pk)
        return False

    def _try(self, ask: Callable[[str], None], ref: str) -> None:
        """What was done by somebody else in this very moment is refused; the state afterwards tells."""
        with suppress(GatewayRefused):
            ask(ref)


def _let_go(intent_ref: str) -> None:
    with asking("let an authorisation go"):
        client().v1.payment_intents.cancel(intent_ref)
