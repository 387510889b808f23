"""Refunds in the admin: one screen with every number before it happens, the list by day, what waits for a person."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from apps.catalog.models import Stock
from apps.catalog.tests.factories import make_variant
from apps.core import roles
from apps.core.money import Money
from apps.orders.models import Order
from apps.orders.tests.factories import make_order as place_order
from apps.payments import panels
from apps.payments.admin import refunds as refunds_admin
from apps.payments.models import Dispute, Payment, Problem, Refund, SandboxTransaction
from apps.payments.services import refunds
from apps.payments.tests.refunded_orders import make_paid_order, refund, work
from apps.users.tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]


@pytest.fixture(scope="module")
def paid(kept_rows):
    return make_paid_order(lines={make_variant(price=1999, title="Fjord mug"): 2}).pk


@pytest.fixture
def order(paid):
    return Order.unscoped.get(pk=paid)


@pytest.fixture
def line(order):
    return order.lines.get()


def staff(role=roles.ORDER_CLERK):
    person = make_user(email=f"{role}@example.com".replace(" ", ""), is_staff=True)
    person.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def clerk():
    return staff()


def screen(order):
    return f"/admin/payments/refund/{order.pk}/make/"


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def filled(order, **fields):
    return {"token": "press", "reason": "damaged", "note": "", **fields}


def test_the_screen_asks_for_pieces_delivery_and_more(clerk, order, line):
    page = clerk.get(screen(order))
    shown = text(page)
    assert page.status_code == 200
    assert "<h1>Refund</h1>" in page.content.decode()
    assert f"Order {order.number}: €44.88 is left to refund" in shown
    assert "Fjord mug" in shown
    assert f'name="pieces-{line.pk}"' in page.content.decode()
    assert "€4.90 is left of the delivery." in shown
    assert "shown_total" not in page.content.decode()


def test_a_preview_shows_every_number_and_refunds_nothing(clerk, order, line):
    data = filled(order, **{f"pieces-{line.pk}": "1", "shipping": "2.00", "extra": "1.00", "action": "preview"})
    page = clerk.post(screen(order), data)
    shown = text(page)
    assert page.status_code == 200
    for words in (
        "1 × Fjord mug Why? €39.98 was paid for 2 pieces. €39.98 × 1 ÷ 2 = €19.99, rounded down.",
        "€3.19 of €19.99 is tax at 19 %, the same share as when it was paid.",
        "Delivery Why?",
        "Extra amount Why? Spread over what is left of every part",
        "€44.88 of the order was left to refund, €21.89 is left afterwards.",
        "At 19 %: €22.99, with €3.65 tax in it.",
        "Refund €22.99",
    ):
        assert words in shown
    assert 'name="shown_total" value="2299"' in page.content.decode()
    assert Refund.unscoped.count() == 0


def test_a_live_preview_is_only_the_figures(clerk, order, line):
    headers = {"HX-Request": "true", "HX-Target": "refund-preview"}
    page = clerk.post(screen(order), filled(order, **{f"pieces-{line.pk}": "2", "action": "preview"}), headers=headers)
    assert page.content.decode().strip().startswith('<section class="panel panel--sticky" id="refund-preview"')
    assert "Refund €39.98" in text(page)
    assert "HX-Target" in page["Vary"]


def test_the_button_refunds_what_was_shown(clerk, order, line):
    data = filled(
        order, **{f"pieces-{line.pk}": "1", f"restock-{line.pk}": "on", "shown_total": "1999", "note": "Handle off"}
    )
    page = clerk.post(screen(order), data, follow=True)
    assert page.redirect_chain == [(f"/admin/orders/order/{order.pk}/change/", 302)]
    assert f"€19.99 of order {order.number} go back. The customer gets a mail when it is done." in text(page)
    made = Refund.unscoped.get()
    assert (made.amount, made.reason, made.note, made.actor.email) == (
        1999, "damaged", "Handle off", "orderclerk@example.com",
    )  # fmt: skip
    assert (made.idempotency_key, made.lines.get().restocked) == (f"refund-{order.pk}-press", True)
    assert Stock.objects.values_list("on_hand", "reserved").get() == (10, 1)


def test_without_restock_the_goods_are_written_off(clerk, order, line):
    clerk.post(screen(order), filled(order, **{f"pieces-{line.pk}": "1", "shown_total": "1999"}))
    assert Stock.objects.values_list("on_hand", "reserved").get() == (9, 1)


def test_a_double_click_is_one_refund(clerk, order, line):
    data = filled(order, **{f"pieces-{line.pk}": "1", "shown_total": "1999"})
    assert [clerk.post(screen(order), data).status_code for _ in range(3)] == [302] * 3
    assert Refund.unscoped.count() == 1


@pytest.mark.parametrize("shown", ["", "1998", "-5", "x", "²"])
def test_another_amount_than_was_shown_is_asked_again(clerk, order, line, shown):
    page = clerk.post(screen(order), filled(order, **{f"pieces-{line.pk}": "1", "shown_total": shown}))
    assert page.status_code == 409
    assert "The amount is another one now. Check the figures and press again." in text(page)
    assert 'name="shown_total" value="1999"' in page.content.decode()
    assert Refund.unscoped.count() == 0


def test_what_is_refused_says_why(clerk, order):
    page = clerk.post(screen(order), filled(order, extra="44.89", action="preview"))
    assert page.status_code == 409
    assert "Only €44.88 of this order is left to refund." in text(page)


@pytest.mark.parametrize(("pieces", "extra", "reason"), [("3", "", "damaged"), ("-1", "", "damaged"), ("", "x", "no")])
def test_what_can_not_be_read_is_marked(clerk, order, line, pieces, extra, reason):
    data = filled(order, **{f"pieces-{line.pk}": pieces, "extra": extra, "reason": reason, "shown_total": "1"})
    page = clerk.post(screen(order), data)
    assert page.status_code == 422
    assert "Check the fields that are marked." in text(page)
    assert Refund.unscoped.count() == 0


def test_a_disputed_payment_is_refused_in_words(clerk, order):
    Dispute.unscoped.create(payment=Payment.unscoped.get(), provider_ref="dp", amount=1, currency="EUR")
    page = clerk.post(screen(order), filled(order, extra="1", action="preview"))
    assert page.status_code == 409
    assert "Wait for its decision before you refund." in text(page)


def test_only_those_who_may_refund_see_the_screen(order):
    assert staff(roles.MANAGER).get(screen(order)).status_code == 200
    assert staff(roles.CATALOGUE_EDITOR).get(screen(order)).status_code == 403
    assert staff(roles.ORDER_CLERK).get("/admin/payments/refund/0/make/").status_code == 404


def test_the_order_shows_its_refunds_and_the_button(clerk, order, line):
    address = f"/admin/orders/order/{order.pk}/change/"
    assert screen(order) in clerk.get(address).content.decode()
    refund(order, pieces={line: 2}, shipping=490)
    page = clerk.get(address)
    shown = text(page)
    assert "Captured €44.88 Refunded €44.88 Left €0.00" in shown
    assert "on its way Goodwill €44.88" in shown
    assert screen(order) not in page.content.decode()


def test_the_box_of_an_order_says_what_was_taken_and_is_left_of_it_before_anything_goes_back(clerk, order):
    page = text(clerk.get(f"/admin/orders/order/{order.pk}/change/"))
    assert "Refunds Captured €44.88 Refunded €0.00 Left €44.88" in page

    refund(order, extra=88)
    page = text(clerk.get(f"/admin/orders/order/{order.pk}/change/"))
    assert "Refunds Captured €44.88 Refunded €0.88 Left €44.00" in page

    unpaid = place_order(payment_method="sandbox")
    assert "Captured" not in text(clerk.get(f"/admin/orders/order/{unpaid.pk}/change/"))
    Refund.unscoped.update(order=unpaid)
    page = text(clerk.get(f"/admin/orders/order/{unpaid.pk}/change/"))
    assert "Refunds Captured €0.00 Refunded €0.00 Left €0.00" in page


class TestFailed:
    @pytest.fixture
    def failed(self, order, line):
        SandboxTransaction.objects.update(outcome="declined")
        made = refund(order, pieces={line: 1}, restock=[line])
        work()
        SandboxTransaction.objects.update(outcome="succeeded")
        return Refund.unscoped.get(pk=made.pk)

    def test_the_first_page_shows_it_until_somebody_has_looked(self, clerk, order, failed):
        assert "Money to look after Refund failed" in text(clerk.get("/admin/"))
        clerk.post(f"/admin/orders/order/{order.pk}/settle/")
        assert "Money to look after" not in text(clerk.get("/admin/"))

    def test_it_can_be_tried_again_from_its_own_page_and_its_order(self, clerk, order, failed):
        retry = f"/admin/payments/refund/{failed.pk}/retry/"
        page = clerk.get(f"/admin/payments/refund/{failed.pk}/change/")
        assert retry in page.content.decode()
        assert "The test bank has not taken that much." in text(page)
        assert retry in clerk.get(f"/admin/orders/order/{order.pk}/change/").content.decode()
        shown = text(clerk.post(retry, follow=True))
        assert f"€19.99 of order {order.number} go back." in shown
        assert retry not in clerk.get(f"/admin/orders/order/{order.pk}/change/").content.decode()

    def test_a_second_press_is_refused_in_words(self, clerk, failed):
        clerk.post(f"/admin/payments/refund/{failed.pk}/retry/")
        shown = text(clerk.post(f"/admin/payments/refund/{failed.pk}/retry/", follow=True))
        assert "This refund was tried again already." in shown
        assert Refund.unscoped.count() == 2

    def test_it_is_tried_again_by_post_and_by_those_who_may(self, clerk, failed):
        retry = f"/admin/payments/refund/{failed.pk}/retry/"
        assert clerk.get(retry).status_code == 405
        assert staff(roles.CATALOGUE_EDITOR).post(retry).status_code == 403
        assert clerk.post("/admin/payments/refund/0/retry/").status_code == 404


@pytest.mark.parametrize(
    ("address", "method", "allowed"),
    [
        ("refund/{refund}/retry/", "get", "POST"),
        ("problem/now/", "get", "POST"),
        ("problem/{problem}/seen/", "get", "POST"),
        ("problem/{problem}/recheck/", "get", "POST"),
        ("problem/{problem}/give-back/", "get", "POST"),
        ("problem/", "post", "GET, HEAD"),
    ],
)
def test_who_asks_the_wrong_way_is_told_the_right_one(order, address, method, allowed):
    numbers = {"refund": refund(order, extra=1).pk, "problem": Problem.objects.create(kind="books", key="k").pk}

    answer = getattr(staff(roles.MANAGER), method)(f"/admin/payments/{address.format(**numbers)}")

    assert (answer.status_code, answer["Allow"]) == (405, allowed)


def test_the_first_page_shows_the_oldest_eight_of_what_waits(order):
    failed = [refund(order, extra=1) for _ in range(9)]
    Refund.unscoped.update(state="failed")
    Order.unscoped.update(attention="A refund failed at the payment provider.")
    payment = Payment.unscoped.get()
    disputes = [
        Dispute.unscoped.create(payment=payment, provider_ref=f"dp_{number}", amount=1, currency="EUR")
        for number in range(9)
    ]

    assert panels.to_settle(None) == {"failed": failed[:8], "disputes": disputes[:8]}
    Dispute.unscoped.exclude(pk=disputes[8].pk).update(state="won")
    assert panels.to_settle(None)["disputes"] == disputes[8:]
    Dispute.unscoped.update(state="won")
    refunds.retry_refund(refund_id=failed[0].pk, actor=None)
    assert panels.to_settle(None) == {"failed": failed[1:], "disputes": []}
    Order.unscoped.update(attention="")
    assert panels.to_settle(None)["failed"] == []


def test_the_first_page_shows_open_disputes(clerk, order):
    Dispute.unscoped.create(payment=Payment.unscoped.get(), provider_ref="dp", amount=4488, currency="EUR")
    assert f"Money to look after Disputed {order.number}" in text(clerk.get("/admin/"))


def test_a_refund_opens_to_why(clerk, order, line):
    made = refund(order, pieces={line: 1}, shipping=490, restock=[line])
    shown = text(clerk.get(f"/admin/payments/refund/{made.pk}/change/"))
    assert f"Refund of €24.89, order {order.number}" in shown
    assert "€39.98 × 1 ÷ 2 = €19.99, rounded down." in shown
    assert "1 × Fjord mug: not shipped, back for sale" in shown


def test_the_list_sums_up_each_day(clerk, order, line):
    first = refund(order, pieces={line: 1})
    second = refund(order, extra=100)
    Refund.unscoped.filter(pk=second.pk).update(state="failed")
    old = refund(order, extra=200)
    Refund.unscoped.filter(pk=old.pk).update(created_at=first.created_at.replace(year=2025, month=3, day=9))
    shown = text(clerk.get("/admin/payments/refund/"))
    assert "2 1 €19.99" in shown
    assert "9. March 2025" in shown or "March 9, 2025" in shown or "9 March 2025" in shown
    only = text(clerk.get("/admin/payments/refund/?created_at__year=2025&created_at__month=3&created_at__day=9"))
    assert "1 0 €2.00" in only
    assert "€19.99" not in only
    assert "€2.00" not in text(clerk.get("/admin/payments/refund/?state__exact=failed"))


def test_the_sums_of_the_last_days_on_which_something_went_back_by_currency(order, monkeypatch):
    monkeypatch.setattr(refunds_admin, "DAYS", 4)
    days = [datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=number) for number in range(4)]
    for day in [*days, days[-1], days[-1], days[-2]]:
        made = refund(order, extra=1)
        Refund.unscoped.filter(pk=made.pk).update(created_at=day)
    newest = list(Refund.unscoped.order_by("-created_at", "pk").values_list("pk", flat=True))
    Refund.unscoped.filter(pk=newest[0]).update(amount=500, extra_amount=500, currency="USD")
    Refund.unscoped.filter(pk=newest[1]).update(state="failed")
    Refund.unscoped.filter(pk__in=newest[3:5]).update(state="failed")

    rows = refunds_admin.sums_by_day(Refund.unscoped.all())

    assert [(row["day"], row["times"], row["failed"], row["money"]) for row in rows] == [
        (days[3].date(), 2, 1, Money(1, "EUR")),
        (days[3].date(), 1, 0, Money(500, "USD")),
        (days[2].date(), 2, 2, Money(0, "EUR")),
        (days[1].date(), 1, 0, Money(1, "EUR")),
    ]


@pytest.mark.parametrize("term", ["number", "ref"])
def test_a_refund_is_found_by_its_order_and_its_reference(clerk, order, line, term):
    made = refund(order, pieces={line: 1})
    value = order.number if term == "number" else made.ref
    assert order.number in text(clerk.get("/admin/payments/refund/", {"q": value}))
    assert "Nothing fits what you look for." in text(clerk.get("/admin/payments/refund/", {"q": "nothing"}))


def test_the_list_asks_as_often_for_24_refunds_as_for_one(clerk, order, django_assert_max_num_queries):
    refund(order, extra=10)
    with django_assert_max_num_queries(12) as one:
        clerk.get("/admin/payments/refund/")
    for _ in range(23):
        refund(order, extra=10)
    with django_assert_max_num_queries(12) as many:
        clerk.get("/admin/payments/refund/")
    assert len(many) == len(one)


def test_an_order_without_pieces_left_offers_no_parcel(clerk, order, line):
    refund(order, pieces={line: 2}, restock=[line])
    shown = clerk.get(f"/admin/orders/order/{order.pk}/change/").content.decode()
    assert f"/admin/shipping/shipment/{order.pk}/" not in shown


def test_a_partly_refunded_order_can_still_be_sent(clerk, order, line):
    refund(order, pieces={line: 1}, restock=[line])
    work()
    page = clerk.get(f"/admin/orders/order/{order.pk}/change/").content.decode()
    assert f"/admin/shipping/shipment/{order.pk}/ship/" in page


def test_cancelling_says_that_the_money_goes_back(clerk, order):
    page = clerk.post(f"/admin/orders/order/{order.pk}/cancel/", {"restock": "yes"}, follow=True)
    assert page.status_code == 200
    assert Refund.unscoped.get().amount == 4488
    assert refunds.failed_refunds(order).count() == 0
