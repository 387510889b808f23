"""The test bank as a way to pay."""

from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core import crash
from apps.orders.models import Order
from apps.payments import states
from apps.payments.models import Payment
from apps.payments.sandbox import book
from apps.pricing.quote import Quote

State = Payment.State


class SandboxMethod:
    code = book.CODE
    label: str | Promise = _("Test bank")
    description: str | Promise = _("This is a test shop: you choose how the payment ends, and no money moves.")

    def available(self, quote: Quote) -> bool:
        return quote.total.amount > 0

    def prepare(self, order: Order, *, first: bool = False) -> None:
        """Open an attempt unless one is open; the caller holds the order's lock."""
        attempts = [] if first else list(Payment.unscoped.filter(order=order))
        if any(not self._ended(attempt) for attempt in attempts if attempt.state in states.OPEN):
            return
        payment = Payment.unscoped.create(
            order=order,
            method=self.code,
            attempt=max((attempt.attempt for attempt in attempts), default=0) + 1,
            amount=order.total,
            currency=order.currency,
        )
        crash.point("payments.prepare.payment_written")
        book.open_transaction(payment, return_url=order.get_absolute_url())

    def start(self, order: Order) -> str:
        """The bank's page for the open attempt; without one the order's own page says how things stand."""
        payment = Payment.unscoped.filter(order=order, state__in=states.OPEN).first()
        if payment is None:
            return order.get_absolute_url()
        return reverse("payments:sandbox-bank", args=[payment.ref])

    def close(self, order: Order) -> bool:
        """Withdraw what is open. False if the bank still may pay, or has paid and its word is on the way."""
        attempts = Payment.unscoped.filter(order=order, method=self.code, state__in=states.OPEN)
        closed = [self._close(payment) for payment in attempts]
        return all(closed)

    def _close(self, payment: Payment) -> bool:
        told = book.close(payment.ref)
        crash.point("payments.close.bank_closed")
        if told in {None, State.CLOSED}:
            with transaction.atomic():
                states.move(payment, State.CLOSED)
        return told not in {State.PENDING, State.SUCCEEDED}

    def _ended(self, payment: Payment) -> bool:
        """Whether the bank had closed the attempt before a crash kept us from noting it; notes it."""
        told = book.settlement(payment.ref)
        return told is not None and told.state == State.CLOSED and states.move(payment, State.CLOSED)
