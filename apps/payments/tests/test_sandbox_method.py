import pytest
from django.db import transaction

from apps.core.money import Money
from apps.orders.extensions import payment_methods
from apps.payments.models import Payment, SandboxTransaction
from apps.payments.sandbox import bank, book
from apps.payments.sandbox.bank import Decision
from apps.payments.sandbox.method import SandboxMethod
from apps.payments.tests.factories import book_entry, make_order, make_payment

pytestmark = pytest.mark.django_db
State = Payment.State


def prepare(order):
    with transaction.atomic():
        SandboxMethod().prepare(order)


def states(order) -> list[str]:
    return list(Payment.unscoped.filter(order=order).order_by("attempt").values_list("state", flat=True))


def test_the_test_bank_is_registered_as_a_way_to_pay():
    assert isinstance(payment_methods()["sandbox"], SandboxMethod)


def test_preparing_opens_an_attempt_and_an_entry_in_the_banks_book():
    order = make_order(total=3688)

    prepare(order)

    payment = Payment.unscoped.get()
    entry = book_entry(payment)
    assert (payment.attempt, payment.state, payment.money) == (1, "created", Money(3688, "EUR"))
    assert (entry.amount, entry.currency, entry.description) == (3688, "EUR", order.number)
    assert (entry.outcome, entry.return_url) == ("open", order.get_absolute_url())


def test_preparing_again_keeps_the_open_attempt():
    payment = make_payment()

    prepare(payment.order)

    assert Payment.unscoped.get() == payment
    assert SandboxTransaction.objects.count() == 1


def test_after_a_decline_preparing_opens_the_next_attempt():
    payment = make_payment()
    Payment.unscoped.update(state=State.FAILED)

    prepare(payment.order)

    assert states(payment.order) == ["failed", "created"]
    assert Payment.unscoped.order_by("attempt").last().attempt == 2


def test_an_attempt_that_the_bank_closed_before_a_crash_is_followed_by_a_new_one():
    payment = make_payment()
    book.close(payment.ref)

    prepare(payment.order)

    assert states(payment.order) == ["closed", "created"]


def test_starting_leads_to_the_same_page_of_the_bank_every_time():
    payment = make_payment()
    urls = {SandboxMethod().start(payment.order) for _ in range(3)}

    assert urls == {f"/payments/sandbox/{payment.ref}/"}


def test_starting_without_an_open_attempt_leads_to_the_order():
    order = make_order()
    make_payment()  # another order's

    assert SandboxMethod().start(order) == order.get_absolute_url()


def test_closing_an_open_attempt_means_that_no_money_can_come():
    payment = make_payment()

    assert SandboxMethod().close(payment.order) is True
    assert book_entry(payment).outcome == "closed"
    assert states(payment.order) == ["closed"]
    assert bank.decide(payment_ref=payment.ref, decision=Decision.SUCCEED) is False


def test_closing_twice_is_harmless():
    payment = make_payment()

    assert [SandboxMethod().close(payment.order) for _ in range(2)] == [True, True]


@pytest.mark.parametrize("decision", [Decision.SUCCEED, Decision.PENDING])
def test_an_attempt_that_may_bring_money_is_not_closed(decision):
    payment = make_payment()
    bank.decide(payment_ref=payment.ref, decision=decision)
    outcome = book_entry(payment).outcome

    assert SandboxMethod().close(payment.order) is False
    assert book_entry(payment).outcome == outcome
    assert states(payment.order) == ["created"]


def test_a_declined_attempt_brings_no_money():
    payment = make_payment()
    bank.decide(payment_ref=payment.ref, decision=Decision.DECLINE)

    assert SandboxMethod().close(payment.order) is True


def test_an_order_without_an_attempt_brings_no_money():
    assert SandboxMethod().close(make_order()) is True


def test_the_database_allows_one_open_attempt_per_order():
    from django.db import IntegrityError

    payment = make_payment()

    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.unscoped.create(order=payment.order, method="sandbox", attempt=2, amount=1, currency="EUR")
