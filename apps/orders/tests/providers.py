"""A way to pay and a price of delivery for tests: the outside providers of orders, and nothing else."""

from contextlib import contextmanager

from apps.core.money import Money
from apps.orders import extensions
from apps.orders.extensions import PaymentUnavailable, Rate


class PaperMethod:
    """Pays by paper: remembers what it was asked and answers as the test says."""

    code = "paper"
    label = "Paper"
    description = "For tests"

    def __init__(self):
        self.prepared, self.started, self.closed = [], [], []
        self.closes, self.reachable, self.offered = True, True, True
        self.on_close = lambda order: None

    def available(self, quote):
        return self.offered

    def prepare(self, order, *, first=False):
        self.prepared.append(order.pk)

    def start(self, order):
        if not self.reachable:
            raise PaymentUnavailable
        self.started.append(order.pk)
        return f"/payments/paper/{order.ref}/"

    def close(self, order):
        self.closed.append(order.pk)
        self.on_close(order)
        return self.closes


class FlatRates:
    """4.90 standard and 9.90 express to Germany and Austria, 14.90 to Switzerland; nothing elsewhere."""

    def rates(self, request):
        if request.country in {"DE", "AT"}:
            return [self._rate("standard", 490), self._rate("express", 990)]
        return [self._rate("standard", 1490)] if request.country == "CH" else []

    def _rate(self, code, price):
        return Rate(code, code.title(), "2–4 days", Money(price, "EUR"), "standard")


@contextmanager
def registered(*, methods=None, rates=None, sections=None):
    """Only these, as long as the block runs; None leaves a registry as it is."""
    old_methods = dict(extensions._payment_methods)
    old_rates = list(extensions._shipping_rates)
    old_sections = list(extensions._order_sections)
    if methods is not None:
        extensions._payment_methods.clear()
        extensions._payment_methods.update({method.code: method for method in methods})
    if rates is not None:
        extensions._shipping_rates[:] = rates
    if sections is not None:
        extensions._order_sections[:] = sections
    try:
        yield
    finally:
        extensions._payment_methods.clear()
        extensions._payment_methods.update(old_methods)
        extensions._shipping_rates[:] = old_rates
        extensions._order_sections[:] = old_sections
