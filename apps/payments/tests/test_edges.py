"""What the audit would find, what the admin refuses, and what has no effect."""

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.core.invariants import audit
from apps.orders import services as orders
from apps.orders.models import Order, OrderEvent
from apps.payments import services
from apps.payments.admin import refund_screen
from apps.payments.documents import receivers
from apps.payments.documents.pdf import render_pdf
from apps.payments.explaining import entries
from apps.payments.gateways import GatewayRefused, MissedEvent, ToldRefund
from apps.payments.models import Dispute, NumberSeries, Payment, Problem, Refund, SandboxTransaction, WebhookEvent
from apps.payments.sandbox import book
from apps.payments.sandbox.gateway import SandboxGateway
from apps.payments.services import folding, problems, refunds
from apps.payments.services.applying import OTHER_ORDER, UNKNOWN_MONEY
from apps.payments.services.refunds import parts
from apps.payments.tests import pdf_text
from apps.payments.tests.factories import make_order, make_payment
from apps.payments.tests.refunded_orders import make_paid_order, refund, work
from apps.payments.tests.test_documents import MUG, make_document
from apps.pricing.refunding import MoreThanLeft, Part, Selection
from apps.users.tests.factories import make_user

pytestmark = pytest.mark.django_db


def staff(*codenames):
    person = make_user(is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(person)
    return client


def sql(statement):
    """Past every door of the code, as a person with the database's password would."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


def findings(invariant):
    return [found.detail for found in audit() if found.invariant == invariant]


# The audit


@pytest.fixture
def returned():
    """A paid order of which one of two mugs, 19.99 with 3.19 tax, went back."""
    order = make_paid_order()
    made = refund(order, pieces={order.lines.get(): 1})
    work()
    return Refund.unscoped.get(pk=made.pk)


def test_an_order_that_says_otherwise_than_its_refunds_is_found(returned):
    number = returned.order.number
    sql("UPDATE orders_order SET refund_state = 'none'")

    assert findings("payments.refund_state_is_its_refunds") == [
        f"Order {number} says none, but 1999 of its 4488 went back."
    ]


def test_pieces_that_were_released_by_nobody_are_found(returned):
    sql("UPDATE orders_orderline SET released = 2")

    found = findings("payments.released_by_refunds")
    assert found == [f"Order {returned.order.number} released 2 of {returned.order.lines.get().sku}, its refunds 1."]


def test_more_pieces_than_were_bought_are_found(returned):
    sql("UPDATE payments_refundline SET quantity = 3")

    found = findings("payments.pieces_refunded_once")
    sku = returned.order.lines.get().sku
    assert found == [f"Order {returned.order.number} refunded 3 of 2 pieces of {sku}."]


def test_lines_that_are_not_their_refund_are_found(returned):
    sql("UPDATE payments_refundline SET amount = 1")

    assert findings("payments.refund_is_its_lines") == [
        f"Refund {returned.ref} gives back 1999 for goods, its lines 1."
    ]


def test_a_refund_that_is_explained_otherwise_is_found(returned):
    sql("UPDATE payments_refund SET tax = 1")

    assert findings("payments.refund_explains_itself") == [f"Refund {returned.ref} of 1999 is explained as 1999."]


def test_a_lost_dispute_that_took_nothing_is_found():
    payment = Payment.unscoped.get(order=make_paid_order())
    dispute = Dispute.unscoped.create(
        payment=payment, provider_ref="dp_1", state="lost", amount=payment.captured, currency="EUR"
    )

    assert findings("payments.lost_disputes_are_counted") == [
        "Dispute dp_1 was lost, but no money is counted as gone back."
    ]
    assert str(dispute) == "dp_1"


def test_a_payment_of_another_amount_than_its_order_is_found():
    payment = make_payment()
    sql("UPDATE payments_payment SET amount = 1")

    found = findings("payments.amount_is_order_total")
    assert found == [f"Payment {payment.ref} asks for another amount than order {payment.order.number}."]


# The test bank


def test_the_bank_does_not_know_a_payment_that_it_never_got():
    payment = make_payment()
    assert str(book.settlement(payment.ref).money) == "€36.88"
    assert str(SandboxTransaction.objects.get()) == payment.ref
    SandboxTransaction.objects.all().delete()

    assert book.settlement(payment.ref) is None
    assert book.refund(payment.ref, key="k", amount=1) is False
    assert services.check_payment(payment_id=payment.pk) == "unknown to the provider"


def test_the_bank_tells_again_what_came_but_was_not_taken_in():
    payment = Payment.unscoped.get(order=make_paid_order())
    assert SandboxGateway().missed_events() == []

    WebhookEvent.objects.update(applied_at=None)

    event = WebhookEvent.objects.get()
    missed = MissedEvent(event.event_id, "payment.succeeded", {"payment": payment.ref})
    assert SandboxGateway().missed_events() == [missed]


def test_the_bank_gives_back_once_per_key_and_never_more_than_it_took():
    payment = make_payment()
    SandboxTransaction.objects.update(outcome="succeeded")

    answers = [book.refund(payment.ref, key=key, amount=2000) for key in ("a", "a", "b")]

    assert answers == [True, True, False]
    assert SandboxTransaction.objects.get().refunds == {"a": 2000}


def test_the_bank_authorises_nothing():
    with pytest.raises(GatewayRefused):
        SandboxGateway().capture(make_payment())
    assert SandboxGateway().stranger({"payment": "x"}) is None


# Facts of what is not ours


def test_a_refund_that_is_not_there_asks_for_no_document():
    order = make_order()
    event = OrderEvent.unscoped.create(order=order, kind="refunded", data={"refund_ref": "nobody"})

    receivers.credit_the_refund(None, event_id=event.pk)
    receivers.void_the_credit(None, event_id=event.pk)

    from apps.jobs.models import Job

    assert not Job.objects.exists()


def test_the_command_fails_if_something_could_not_be_done():
    WebhookEvent.objects.create(provider="nobody", event_id="evt_1", kind="x")
    assert str(WebhookEvent.objects.get()) == "evt_1"

    with pytest.raises(CommandError, match="could not be asked or applied"):
        call_command("reconcile", verbosity=0)


# Parts of an order


def test_an_order_without_lines_is_one_part():
    order = make_order(total=3688)

    assert parts.order_parts(order) == [Part(key="rest", title=order.number, paid=3688, tax=0, tax_rate=0)]


def test_delivery_of_no_known_rate_is_untaxed():
    order = make_order(subtotal=0, shipping_total=490, total=490)
    sql("UPDATE orders_order SET tax_lines = '[]'")

    (part,) = parts.order_parts(Order.unscoped.get(pk=order.pk))

    assert (part.key, part.left, part.tax_rate) == ("shipping", 490, 0)


# The admin


@pytest.mark.parametrize("path", ["month/?month=2026-01", "1/pdf/"])
def test_documents_are_for_those_who_may_see_them(path):
    assert staff("view_order").get(f"/admin/payments/invoice/{path}").status_code == 403


def test_a_payment_is_found_by_its_order_or_its_reference():
    payment, other = make_payment(), make_payment()
    clerk = staff("view_payment", "view_order")

    for term in (payment.order.number.lower(), payment.ref):
        page = clerk.get("/admin/payments/payment/", {"q": term}).text
        assert payment.order.number in page
        assert other.order.number not in page


def test_an_event_shows_what_the_provider_sent():
    event = WebhookEvent.objects.create(provider="sandbox", event_id="evt_1", kind="x", payload={"payment": "<b>"})

    page = staff("view_webhookevent").get(f"/admin/payments/webhookevent/{event.pk}/change/").text

    assert "&quot;payment&quot;: &quot;&lt;b&gt;&quot;" in page


def test_disputes_are_listed_with_their_order():
    payment = Payment.unscoped.get(order=make_paid_order())
    Dispute.unscoped.create(payment=payment, provider_ref="dp_1", amount=4488, currency="EUR")

    page = staff("view_dispute", "view_order").get("/admin/payments/dispute/").text

    assert payment.order.number in page
    assert "€44.88" in page
    assert "open" in page


def test_a_filter_that_does_not_exist_leads_back_to_the_list():
    response = staff("view_refund").get("/admin/payments/refund/?nonsense=1")

    assert (response.status_code, response["Location"]) == (302, "/admin/payments/refund/?e=1")


class TestReconciliation:
    PAGE = "/admin/payments/problem/"

    @pytest.fixture
    def problem(self):
        payment = make_payment()
        Payment.unscoped.filter(pk=payment.pk).update(state="succeeded", captured=3688)
        problems.keep_problems(books=False)
        return Problem.objects.get()

    def test_it_is_for_those_who_may_see_it_and_changes_nothing_by_post(self, problem):
        assert staff("view_order").get(self.PAGE).status_code == 403
        assert staff("view_problem").post(self.PAGE).status_code == 405
        assert Problem.objects.get() == problem

    def test_steps_are_posted_and_need_a_problem(self, problem):
        clerk = staff("view_problem", "settle_problem")
        assert clerk.get(f"{self.PAGE}now/").status_code == 405
        assert clerk.get(f"{self.PAGE}{problem.pk}/seen/").status_code == 405
        assert clerk.post(f"{self.PAGE}0/seen/").status_code == 404

    def test_its_own_page_says_what_was_found(self, problem):
        page = staff("view_problem").get(f"{self.PAGE}{problem.pk}/change/").text
        assert f"Order {problem.payment.order.number}: 36.88 EUR were not for it" in page

    def test_seen_twice_the_first_one_has_seen_it(self, problem):
        first, second = make_user(), make_user()
        for person in (first, second):
            problems.mark_seen(problem_id=problem.pk, actor=person)
        assert Problem.objects.get().seen_by == first

    def test_a_problem_without_a_payment_has_nothing_to_ask_or_give_back(self):
        problem = Problem.objects.create(kind="books", key="k", detail="The books differ.")
        assert problems.recheck(problem_id=problem.pk) == "no payment"
        with pytest.raises(problems.NothingToGiveBack):
            problems.return_money(problem_id=problem.pk)

    def test_what_the_provider_says_is_told_in_words(self, problem):
        SandboxTransaction.objects.update(outcome="declined")
        Payment.unscoped.update(state="created", captured=0)

        page = staff("view_problem", "settle_problem").post(f"{self.PAGE}{problem.pk}/recheck/", follow=True).text

        assert "The provider was asked: declined." in page


def test_a_series_says_how_far_it_is():
    assert str(NumberSeries(name="INV", last=7)) == "INV 7"


def test_the_same_word_of_a_refund_counts_once(returned):
    before = OrderEvent.unscoped.count()

    orders.record_refund(order_id=returned.order_id, refund_ref=returned.ref, amount=1999, refunded_total=1999)

    assert OrderEvent.unscoped.count() == before


def test_a_refund_is_explained_step_by_step():
    order = make_paid_order()
    line = order.lines.get()
    for chosen in ({"extra": 333}, {"pieces": {line: 1}}, {"pieces": {line: 1}}):
        refund(order, **chosen)

    first, second, third = (entries(made.explanation) for made in Refund.unscoped.order_by("pk"))

    assert [entry.kind for entry in first] == ["extra", "total"]
    assert first[0].steps[1:] == ["Mug: €2.97", "Delivery: €0.36"]
    assert second[0].steps[:3] == [
        "€39.98 was paid for 2 pieces.",
        "€2.97 of it has gone back as extra amounts.",
        "€37.01 × 1 ÷ 2 = €18.50, rounded down.",
    ]
    assert third[0].steps[2:4] == [
        "€37.01 × 2 ÷ 2 = €37.01, rounded down.",
        "Less €18.50 for the pieces refunded before.",
    ]
    assert entries({}) == []


def test_a_part_that_an_extra_amount_leaves_alone_is_not_named_and_an_untaxed_one_has_no_tax():
    order = make_paid_order()
    refund(order, shipping=490)
    refund(order, extra=100)

    extra = entries(Refund.unscoped.order_by("-pk").first().explanation)[0]

    assert extra.steps[1:] == ["Mug: €1.00"]
    row = {"key": "x", "title": "x", "amount": 5, "amount_tax": 0, "tax_rate": 0, "paid": 5, "pieces": 1}
    row |= {"given": 0, "given_for_pieces": 0, "given_pieces": 0, "refunded_pieces": 1, "extra": 0, "extra_tax": 0}
    figures = {"total": 5, "tax": 0, "left_before": 5, "left": 0, "tax_lines": []}
    told = entries({"currency": "EUR", "parts": [row], "extra": 0, "figures": figures})
    assert told[0].steps == ["€0.05 was paid for 1 piece."]


def test_money_that_the_order_remembers_pays_it_once():
    payment = Payment.unscoped.get(order=make_paid_order())
    Payment.unscoped.update(state="created", captured=0, applied=False)

    outcome = services.check_payment(payment_id=payment.pk)

    assert outcome == "repeated"
    assert Refund.unscoped.count() == 0


def test_a_refused_refund_of_a_payment_that_the_bank_forgot_has_failed():
    order = make_paid_order()
    made = refund(order, extra=100)
    SandboxTransaction.objects.all().delete()

    work()

    assert Refund.unscoped.get(pk=made.pk).state == "failed"


def test_an_event_of_another_order_is_a_problem_until_it_is_gone():
    event = WebhookEvent.objects.create(
        provider="sandbox", event_id="evt_1", kind="x", outcome=OTHER_ORDER, applied_at=timezone.now()
    )

    assert problems.keep_problems(books=False) == 1
    assert str(Problem.objects.get()) == "Event evt_1 names another order than its payment."
    event.delete()
    assert problems.keep_problems(books=False) == 0


def test_what_reconciliation_says_itself_is_not_said_twice_by_the_books():
    WebhookEvent.objects.create(
        provider="sandbox", event_id="evt_1", kind="x", outcome=UNKNOWN_MONEY, applied_at=timezone.now()
    )

    problems.keep_problems()

    assert [problem.kind for problem in Problem.objects.all()] == ["unknown_money"]


def test_an_order_that_went_back_as_a_whole_has_nothing_to_refund():
    order = make_paid_order()
    refund(order, pieces={order.lines.get(): 2}, shipping=490)

    with pytest.raises(MoreThanLeft):
        refunds.preview_refund(order=order, selection=Selection(extra=1))


def test_a_refund_of_which_nobody_knows_the_parts_takes_nothing_of_them():
    order = make_paid_order()
    refund(order, extra=100)
    assert sum(part.left for part in parts.order_parts(order)) == 4388

    sql("UPDATE payments_refund SET explanation = '{}'")

    assert sum(part.left for part in parts.order_parts(order)) == 4488


def test_delivery_has_the_rate_whose_sum_has_room_for_it():
    taxes = [{"rate": 190_000, "taxable": 100, "tax": 19}, {"rate": 70_000, "taxable": 458, "tax": 32}]
    goods = [Part(key="1", title="Mug", paid=119, tax=19, tax_rate=190_000)]

    assert parts._delivery_rate(Order(tax_lines=taxes), goods, 490) == 70_000
    assert parts._delivery_rate(Order(tax_lines=taxes), goods, 491) == 0


def test_that_a_refund_is_on_its_way_is_no_news():
    order = make_paid_order()
    made = refund(order, extra=100)
    payment = Payment.unscoped.get(order=order)

    folding.fold_refunds(payment, [ToldRefund("", made.ref, made.money, Refund.State.PENDING)])

    same = Refund.unscoped.get(pk=made.pk)
    assert (same.state, same.provider_ref) == ("pending", "")


class TestRefundScreen:
    @pytest.fixture
    def order(self):
        return make_paid_order()

    @pytest.fixture
    def clerk(self):
        return staff("view_order", "view_refund", "make_refund")

    def screen(self, order):
        return f"/admin/payments/refund/{order.pk}/make/"

    def test_delivery_that_went_back_is_not_asked_for(self, clerk, order):
        assert 'name="shipping"' in clerk.get(self.screen(order)).text
        refund(order, shipping=490)
        assert 'name="shipping"' not in clerk.get(self.screen(order)).text

    def test_goods_of_a_closed_order_can_not_be_put_back(self, clerk, order):
        assert 'name="restock-' in clerk.get(self.screen(order)).text
        Order.unscoped.filter(pk=order.pk).update(closure="cancelled", status="cancelled")
        assert 'name="restock-' not in clerk.get(self.screen(order)).text

    @pytest.mark.parametrize(("asked", "gone"), [("1", 2), ("2", 1)])
    def test_pieces_that_went_back_meanwhile_are_marked(self, clerk, order, monkeypatch, asked, gone):
        line = order.lines.get()

        def too_late(**chosen):
            monkeypatch.undo()
            refund(order, pieces={line: gone})
            raise refunds.NotRefundable

        monkeypatch.setattr(refund_screen.refunds, "refund_order", too_late)
        data = {"token": "press", "reason": "damaged", "note": "", f"pieces-{line.pk}": asked, "shown_total": "1999"}
        page = clerk.post(self.screen(order), data)

        assert page.status_code == 409
        assert Refund.unscoped.count() == 1


@pytest.mark.parametrize(("lines", "discounts", "page"), [(5, 4, 1), (5, 5, 2), (6, 2, 1), (6, 3, 2)])
def test_sums_stay_together_on_the_page_that_has_room_for_all_of_them(lines, discounts, page):
    named = [{"name": f"Sale {number}", "code": "", "amount": 100} for number in range(discounts)]
    sheets = pdf_text.pages(render_pdf(make_document(lines=[MUG] * lines, discounts=named)))

    for word in ("Goods", *(f"Sale {number}" for number in range(discounts)), "Delivery (Standard)", "Total"):
        assert [number for number, sheet in enumerate(sheets, 1) if word in sheet] == [page]


def test_taxes_that_have_no_room_begin_a_page():
    found = set()
    for number in range(4, 15):
        lines = [{**MUG, "sku": f"FJ-{index}"} for index in range(number)]
        found.add(len(pdf_text.pages(render_pdf(make_document(lines=lines)))))
    assert found == {1, 2}
