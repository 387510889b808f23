"""Staff see what reconciliation found and mend it with one press."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from apps.jobs.models import Job
from apps.payments.models import Payment, Problem, Refund
from apps.payments.services import problems
from apps.payments.tests.factories import make_payment
from apps.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

PAGE = "/admin/payments/problem/"


def staff(*codenames: str) -> User:
    user = User.objects.create_user(email=f"{len(codenames)}@example.com", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


@pytest.fixture
def manager(client):
    client.force_login(staff("view_problem", "settle_problem", "view_order", "view_payment", "capture_payment"))
    return client


def kept_money() -> Problem:
    payment = make_payment()
    Payment.unscoped.filter(pk=payment.pk).update(state="succeeded", captured=3688)
    problems.keep_problems(books=False)
    return Problem.objects.get()


def step(problem: Problem, name: str) -> str:
    return reverse(f"admin:payments_problem_{name}", args=[problem.pk])


def test_a_shop_whose_books_agree_says_so(manager):
    page = manager.get(PAGE).text

    assert "<h1>Reconciliation</h1>" in page
    assert "Everything agrees" in page


def test_what_nobody_has_seen_comes_first_and_of_that_the_newest(manager):
    now = timezone.now()
    for detail, seen_at in (("Old.", None), ("Seen long ago.", now - timedelta(1)), ("New.", None), ("Seen.", now)):
        Problem.objects.create(kind="books", key=detail, detail=detail, seen_at=seen_at)

    page = manager.get(PAGE).text

    found = re.findall(r"(Old|Seen long ago|New|Seen)\.", page)
    assert found == ["New", "Old", "Seen long ago", "Seen"]


def test_a_problem_shows_its_order_and_the_step_that_mends_it(manager):
    problem = kept_money()

    page = manager.get(PAGE).text

    assert problem.payment.order.number in page
    assert "Money to give back" in page
    assert step(problem, "give_back") in page


@pytest.mark.parametrize(
    ("kind", "tone", "word"),
    [
        ("unknown_money", "danger", "Money that no order knows"),
        ("mismatch", "danger", "The provider says something else"),
        ("not_given_back", "danger", "Money to give back"),
        ("stuck_payment", "warn", "A payment that does not end"),
        ("stuck_event", "warn", "A provider event that can&#x27;t be applied"),
        ("books", "danger", "The books don&#x27;t agree"),
    ],
)
def test_a_kind_has_its_colour_until_it_was_seen(manager, kind, tone, word):
    kept_money()
    facts = dict.fromkeys(("provider", "named", "event", "order", "left", "attempt"), "x")
    Problem.objects.update(kind=kind, facts=facts)
    assert f'<span class="badge badge--{tone}">{word}</span>' in manager.get(PAGE).text

    Problem.objects.update(seen_at=timezone.now())

    assert f'<span class="badge badge--muted">{word}</span>' in manager.get(PAGE).text


def test_a_problem_is_told_in_the_language_of_the_reader(manager):
    problem = kept_money()
    number = problem.payment.order.number
    german = f"Bestellung {number}: 36.88 EUR waren nicht für sie und sind nicht zurückgegangen."

    english_page = manager.get(PAGE).text
    manager.cookies["django_language"] = "de"
    german_page = manager.get(PAGE, headers={"accept-language": "de"}).text

    assert problem.detail == f"Order {number}: 36.88 EUR were not for it and have not gone back."
    assert problem.detail in english_page
    with translation.override("de"):
        assert str(problem) == german
        assert problem.is_translated
    assert (german in german_page) == ('<html lang="de"' in german_page)


def test_what_the_audit_says_stays_as_it_is():
    problem = Problem(kind="books", detail="The books differ.")
    with translation.override("de"):
        assert (str(problem), problem.is_translated) == ("The books differ.", False)


def test_one_press_gives_the_money_back(manager):
    problem = kept_money()

    manager.post(step(problem, "give_back"))
    again = manager.post(step(problem, "give_back"), follow=True)

    assert Refund.unscoped.get().amount == 3688
    assert "Nothing of this payment is left to give back." in again.text


def test_one_press_asks_the_provider(manager):
    problem = kept_money()

    assert "The provider was asked: it is not decided yet." in manager.post(step(problem, "recheck"), follow=True).text


def test_one_press_marks_it_as_seen_by_whom(manager):
    problem = kept_money()

    page = manager.post(step(problem, "seen"), follow=True).text

    problem.refresh_from_db()
    assert problem.seen_by.email == "5@example.com"
    assert "5@example.com" in page
    assert step(problem, "seen") not in page


def test_comparing_now_is_a_job(manager):
    manager.post(reverse("admin:payments_problem_now"))

    assert Job.objects.get().task_path.endswith("reconcile_books")


def test_who_may_only_look_sees_no_button_and_can_press_none(client):
    problem = kept_money()
    client.force_login(staff("view_problem"))

    assert "<form" not in client.get(PAGE).text.partition('id="content-main"')[2]
    for name in ("give_back", "recheck", "seen"):
        assert client.post(step(problem, name)).status_code == 403
    assert client.post(reverse("admin:payments_problem_now")).status_code == 403
    assert not Refund.unscoped.exists()


def queries_of_page(client, rows: int) -> int:
    payments = [make_payment() for _ in range(rows)]
    Payment.unscoped.filter(pk__in=[payment.pk for payment in payments]).update(state="succeeded", captured=3688)
    problems.keep_problems(books=False)
    with CaptureQueriesContext(connection) as queries:
        client.get(PAGE)
    return len(queries)


def test_the_list_asks_as_often_for_one_as_for_24(manager):
    manager.get(PAGE)
    assert queries_of_page(manager, 1) == queries_of_page(manager, 23)


def test_authorised_money_is_taken_by_a_button_on_the_order(manager):
    payment = make_payment()
    order_page = reverse("admin:orders_order_change", args=[payment.order_id])
    assert "Take €36.88" not in manager.get(order_page).text
    Payment.unscoped.update(state="authorised", expires_at=payment.created_at)

    assert "Take €36.88" in manager.get(order_page).text
    assert "Authorised until" in manager.get(order_page).text
    page = manager.post(reverse("admin:payments_payment_capture", args=[payment.order_id]), follow=True).text

    assert "The provider is being asked for the money." in page
    assert Job.objects.get(task_path__endswith="take_authorised").args_kwargs["args"] == [payment.pk]


def test_nothing_authorised_is_refused(manager):
    payment = make_payment()

    page = manager.post(reverse("admin:payments_payment_capture", args=[payment.order_id]), follow=True).text

    assert "There is no authorised money to take" in page
    assert not Job.objects.filter(task_path__endswith="take_authorised").exists()
