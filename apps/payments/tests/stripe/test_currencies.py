"""A purchase, its refund and its documents in currencies without decimals and with three, by both ways to pay."""

import pytest
from django.conf import settings
from django.utils import translation

from apps.catalog.tests.factories import make_variant
from apps.core.invariants import audit
from apps.core.money import Money
from apps.orders import extensions
from apps.orders import services as orders
from apps.orders.extensions import Rate
from apps.orders.models import Order
from apps.orders.tests.factories import make_order
from apps.orders.tests.providers import registered
from apps.payments import gateways
from apps.payments.documents.pdf import render_pdf
from apps.payments.models import Invoice, Payment, Refund
from apps.payments.sandbox.gateway import SandboxGateway
from apps.payments.sandbox.method import SandboxMethod
from apps.payments.services import invoicing
from apps.payments.tests.pdf_text import text
from apps.payments.tests.refunded_orders import pay, refund
from apps.payments.tests.stripe.shop import started, take_in, work

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

PRICE, DELIVERY = 12340, 4900
TOTAL = 2 * PRICE + DELIVERY


class LocalRates:
    def rates(self, request):
        return [Rate("standard", "Standard", "2–4 days", Money(DELIVERY, settings.SHOP_CURRENCY), "standard")]


@pytest.fixture(params=["JPY", "KWD"])
def currency(request, settings):
    settings.SHOP_CURRENCY = request.param
    with registered(rates=[LocalRates()]):
        yield request.param


@pytest.fixture
def sandbox(monkeypatch):
    monkeypatch.setattr(extensions, "_payment_methods", {"sandbox": SandboxMethod()})
    monkeypatch.setattr(gateways, "_gateways", {"sandbox": SandboxGateway()})


def order_of_two(**details) -> Order:
    return make_order(lines={make_variant(price=PRICE): 2}, **details)


def give_one_back(order: Order) -> Refund:
    made = refund(order, pieces={order.lines.get(): 1}, shipping=DELIVERY)
    work()
    made.refresh_from_db()
    return made


def documents(order: Order) -> list[tuple[str, int, str]]:
    return list(Invoice.unscoped.filter(order=order).order_by("pk").values_list("kind", "total", "currency"))


def assert_paid_and_partly_refunded(order: Order, currency: str) -> None:
    order.refresh_from_db()
    assert (order.status, order.total, order.currency) == ("partially_refunded", TOTAL, currency)
    payment = Payment.unscoped.get(order=order)
    assert (payment.captured, payment.refunded, payment.currency) == (TOTAL, PRICE + DELIVERY, currency)
    assert documents(order) == [("invoice", TOTAL, currency), ("credit_note", PRICE + DELIVERY, currency)]
    assert audit() == []


def test_the_test_bank_takes_and_gives_back_to_the_unit(currency, sandbox):
    order = order_of_two(payment_method="sandbox")
    pay(order)
    invoicing.issue_invoice(order_id=order.pk)  # its job went with those that `pay` throws away

    made = give_one_back(order)

    assert (made.state, made.money) == ("succeeded", Money(PRICE + DELIVERY, currency))
    assert_paid_and_partly_refunded(order, currency)


def test_stripe_takes_and_gives_back_to_the_unit(currency, stripe):
    payment = started(order_of_two(payment_method="stripe"))
    order = payment.order
    stripe.control.pay(payment.session_ref)
    take_in(stripe)

    made = give_one_back(order)
    take_in(stripe)

    made.refresh_from_db()
    assert (made.state, made.money) == ("succeeded", Money(PRICE + DELIVERY, currency))
    (charge,) = stripe.control.audit()
    assert (charge["amount_captured"], charge["amount_refunded"]) == (TOTAL, PRICE + DELIVERY)
    assert charge["currency"] == currency.lower()
    assert_paid_and_partly_refunded(order, currency)


@pytest.mark.parametrize(("currency", "words"), [("JPY", "¥29,580"), ("KWD", "KWD29.580")], indirect=["currency"])
def test_page_and_invoice_write_the_decimals_of_the_currency(currency, words, sandbox):
    order = order_of_two(payment_method="sandbox")
    orders.record_payment(order_id=order.pk, amount=TOTAL, currency=currency, payment_ref="x")
    work()
    with translation.override("en"):
        assert str(order.money(TOTAL)) == words
        assert words in text(render_pdf(Invoice.unscoped.get(order=order)))
