"""The page of the test bank: for the owner of the order alone."""

import pytest
from django.test import Client

from apps.core.ownership import Owner, hash_key
from apps.jobs.models import Job
from apps.payments.sandbox import book
from apps.payments.sandbox.bank import Decision, decide
from apps.payments.tests.factories import book_entry, make_order, make_payment
from apps.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

KEY, OTHER_KEY = "k" * 43, "o" * 43
HTMX = {"HX-Request": "true", "HX-Target": "main"}


def guest(key: str = KEY) -> Client:
    client = Client()
    client.cookies["stoa_guest"] = key
    return client


def url(payment) -> str:
    return f"/payments/sandbox/{payment.ref}/"


@pytest.fixture
def payment():
    return make_payment(owner=Owner(guest_key=hash_key(KEY)), total=3688)


def test_the_owner_sees_amount_shop_and_reference(payment):
    page = guest().get(url(payment))

    text = page.content.decode()
    assert page.status_code == 200
    assert "€36.88" in text
    assert "Stoa" in text
    assert payment.order.number in text
    assert [f'value="{choice}"' in text for choice in Decision.values] == [True, True, True]
    assert "no-store" in page["Cache-Control"]


def test_the_page_speaks_the_language_of_the_order(payment):
    payment.order.language = "de"
    payment.order.save()

    assert '<html lang="de">' in guest().get(url(payment)).content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_and_a_nameless_visitor_get_404(payment, method, headers):
    for client in (guest(OTHER_KEY), Client()):
        answer = getattr(client, method)(url(payment), {"outcome": "succeed"}, headers=headers)
        assert answer.status_code == 404

    assert book_entry(payment).outcome == "open"
    assert not Job.objects.exists()


def test_a_user_reaches_the_payment_of_their_own_order_and_no_other(client, payment):
    user = User.objects.create_user(email="bob@example.com", password="x")
    client.force_login(user)
    own = make_payment(owner=Owner(user_id=user.pk))

    assert client.get(url(own)).status_code == 200
    assert client.get(url(payment)).status_code == 404
    assert guest().get(url(own)).status_code == 404


def test_staff_are_strangers_to_the_payments_of_customers(client, payment):
    client.force_login(User.objects.create_superuser(email="root@example.com", password="x"))

    assert client.get(url(payment)).status_code == 404


def test_an_unknown_payment_answers_404():
    assert guest().get("/payments/sandbox/nothing/").status_code == 404


@pytest.mark.parametrize(
    ("decision", "outcome"), [("succeed", "succeeded"), ("decline", "declined"), ("pending", "pending")]
)
def test_a_button_writes_the_book_asks_for_the_webhook_and_leads_back(payment, decision, outcome):
    answer = guest().post(url(payment), {"outcome": decision})

    entry = book_entry(payment)
    assert answer.status_code == 303
    assert answer["Location"] == payment.order.get_absolute_url()
    assert entry.outcome == outcome
    assert Job.objects.get().args_kwargs["args"] == [entry.pk, entry.event_id, outcome]
    payment.refresh_from_db()
    assert payment.state == "created"  # the shop learns by webhook only


def test_the_button_needs_a_csrf_token(payment):
    client = Client(enforce_csrf_checks=True)
    client.cookies["stoa_guest"] = KEY

    assert client.post(url(payment), {"outcome": "succeed"}).status_code == 403
    assert book_entry(payment).outcome == "open"


def test_pressing_the_same_button_twice_counts_once(payment):
    answers = [guest().post(url(payment), {"outcome": "succeed"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert Job.objects.count() == 1


@pytest.mark.parametrize(("first", "second"), [("succeed", "decline"), ("decline", "succeed"), ("succeed", "pending")])
def test_a_decided_payment_stays_decided(payment, first, second):
    guest().post(url(payment), {"outcome": first})
    outcome = book_entry(payment).outcome

    answer = guest().post(url(payment), {"outcome": second})

    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()
    assert book_entry(payment).outcome == outcome
    assert Job.objects.count() == 1


@pytest.mark.parametrize(("second", "outcome"), [("succeed", "succeeded"), ("decline", "declined")])
def test_a_pending_payment_can_be_decided_later_on_the_same_page(payment, second, outcome):
    guest().post(url(payment), {"outcome": "pending"})
    first_event = book_entry(payment).event_id
    text = guest().get(url(payment)).content.decode()
    assert [f'value="{choice}"' in text for choice in Decision.values] == [True, True, False]

    assert guest().post(url(payment), {"outcome": second}).status_code == 303
    assert book_entry(payment).outcome == outcome
    assert book_entry(payment).event_id != first_event
    assert Job.objects.count() == 2


@pytest.mark.parametrize("decision", [Decision.SUCCEED, Decision.DECLINE])
def test_a_decided_payment_shows_its_state_and_the_way_back(payment, decision):
    decide(payment_ref=payment.ref, decision=decision)

    text = guest().get(url(payment)).content.decode()

    assert "<button" not in text
    assert payment.order.get_absolute_url() in text


def test_a_withdrawn_payment_can_not_be_paid(payment):
    book.close(payment.ref)

    assert "<button" not in guest().get(url(payment)).content.decode()
    assert guest().post(url(payment), {"outcome": "succeed"}).status_code == 409
    assert book_entry(payment).outcome == "closed"


@pytest.mark.parametrize("outcome", [None, "", "paid", "succeeded", "\x00", "x" * 10000])
def test_an_unknown_button_is_refused(payment, outcome):
    answer = guest().post(url(payment), {} if outcome is None else {"outcome": outcome})

    assert answer.status_code == 422
    assert book_entry(payment).outcome == "open"
    assert not Job.objects.exists()


def test_without_the_test_bank_there_is_no_page(payment, monkeypatch):
    monkeypatch.setattr("apps.orders.extensions._payment_methods", {})

    assert guest().get(url(payment)).status_code == 404


def test_the_page_says_nothing_to_search_engines_and_holds_no_inline_code(payment):
    page = guest().get(url(payment))
    text = page.content.decode()

    assert 'name="robots" content="noindex"' in text
    assert "<script" not in text
    assert " style=" not in text
    assert "form-action 'self'" in page["Content-Security-Policy"]


def test_every_owner_reads_the_same_page_of_their_own():
    first = make_payment(order=make_order(owner=Owner(guest_key=hash_key(KEY)), total=100))
    second = make_payment(order=make_order(owner=Owner(guest_key=hash_key(OTHER_KEY)), total=200))

    assert guest(KEY).get(url(first)).status_code == guest(OTHER_KEY).get(url(second)).status_code == 200
    assert guest(KEY).get(url(second)).status_code == guest(OTHER_KEY).get(url(first)).status_code == 404
