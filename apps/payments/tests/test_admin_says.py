"""Lists and pages of the admin about money, word by word."""

from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.utils import timezone
from django.utils.formats import date_format

from apps.payments.models import Dispute, Invoice, Payment, Problem, Refund, WebhookEvent
from apps.payments.services import invoicing, refunds
from apps.payments.tests.refunded_orders import make_paid_order, refund, work
from apps.users.tests.factories import make_user
from tests.support.admin_pages import addresses, listed, shown, words

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

MOMENT = datetime(2026, 11, 20, 8, 5, tzinfo=UTC)  # 9:05 in the shop


@pytest.fixture
def clerk(client):
    """A browser of staff who may see whatever there is of payments and orders."""
    user = make_user(email="clerk@example.com", is_staff=True)
    seen = Permission.objects.filter(codename__startswith="view_", content_type__app_label__in=["payments", "orders"])
    user.user_permissions.set(seen)
    client.force_login(user)
    return client


@pytest.fixture
def order():
    return make_paid_order()


def link(order):
    return f'<a href="/admin/orders/order/{order.pk}/change/">{order.number}</a>'


def rows(client, model):
    return listed(client.get(f"/admin/payments/{model}/").text)


def page(client, row):
    return shown(client.get(address(row)).text)


def address(row):
    return f"/admin/payments/{row._meta.model_name}/{row.pk}/change/"


def opening(row, text):
    return f'<a href="{address(row)}">{text}</a>'


def amount(text):
    return f'<span class="amount">{text}</span>'


def badge(tone, text):
    return f'<span class="badge badge--{tone}">{text}</span>'


def test_an_invoice_and_its_credit_note(clerk, order):
    made = refund(order, extra=500)
    refunds.send_refund(refund_id=made.pk)
    invoicing.issue_credit_note(refund_id=made.pk, issued_at=datetime(2027, 1, 31, 16, 30, tzinfo=UTC))
    invoice, note = Invoice.unscoped.order_by("pk")
    issued = date_format(timezone.localtime(invoice.issued_at), "SHORT_DATETIME_FORMAT")

    of_invoice = {
        "Number": "INV-000001",
        "Kind": badge("ok", "Invoice"),
        "Order": link(order),
        "Total": amount("€44.88"),
        "Tax in it": amount("€7.16"),
        "Issued": issued,
    }
    of_note = {
        "Number": "CN-000001",
        "Kind": badge("info", "Credit note"),
        "Order": link(order),
        "Total": amount("-€5.00"),
        "Tax in it": amount("-€0.79"),
        "Issued": "01/31/2027 5:30 p.m.",
    }
    assert rows(clerk, "invoice") == [
        {**of_note, "Number": opening(note, "CN-000001")},
        {**of_invoice, "Number": opening(invoice, "INV-000001")},
    ]
    buyer = {"Invoice address": "Ada Lovelace, Lange Straße 1, 10115 Berlin, Germany"}
    corrected = {"Corrects": "–", "Corrected by": opening(note, "CN-000001")}
    correcting = {"Corrects": opening(invoice, "INV-000001"), "Corrected by": "–"}
    assert page(clerk, invoice) == {**of_invoice, **corrected, **buyer}
    assert page(clerk, note) == {**of_note, **correcting, **buyer}


def test_a_payment(clerk, order):
    refund(order, extra=500)
    work()
    Payment.unscoped.update(created_at=MOMENT, updated_at=MOMENT)
    payment = Payment.unscoped.get()

    in_both = {
        "Order": link(order),
        "State": badge("ok", "received"),
        "Method": "sandbox",
        "Amount": amount("€44.88"),
        "Created at": "Nov. 20, 2026, 9:05 a.m.",
    }
    assert rows(clerk, "payment") == [{"Ref": opening(payment, payment.ref), **in_both}]
    assert page(clerk, payment) == {
        **in_both,
        "Attempt": "1",
        "Captured": amount("€44.88"),
        "Refunded": amount("€5.00"),
        "Pays its order": '<img src="/static/admin/img/icon-yes.svg" alt="True">',
        "Ref": payment.ref,
        "Provider&#x27;s session": "-",
        "Provider&#x27;s payment": "-",
        "Open until": "-",
        "What the provider refused": "-",
        "Changed at": "Nov. 20, 2026, 9:05 a.m.",
    }


@pytest.mark.parametrize(
    ("state", "shown_as"),
    [
        ("created", badge("muted", "created")),
        ("pending", badge("warn", "under way")),
        ("authorised", badge("warn", "authorised")),
        ("failed", badge("danger", "declined")),
        ("closed", badge("muted", "closed")),
    ],
)
def test_the_state_of_a_payment_has_its_word_and_colour(clerk, order, state, shown_as):
    Payment.unscoped.update(state=state)

    (row,) = rows(clerk, "payment")

    assert row["State"] == shown_as
    assert shown_as in clerk.get(f"/admin/orders/order/{order.pk}/change/").text


def test_a_refund(clerk, order):
    made = refund(order, pieces={order.lines.get(): 1}, extra=500, note="A chip")
    work()
    Refund.unscoped.update(created_at=MOMENT, settled_at=MOMENT)

    in_both = {
        "Created": "Nov. 20, 2026, 9:05 a.m.",
        "Order": link(order),
        "State": badge("ok", "done"),
        "Amount": amount("€24.99"),
        "Reason": "Goodwill",
        "Origin": "by staff",
        "Actor": "-",
    }
    assert rows(clerk, "refund") == [{**in_both, "Created": opening(made, in_both["Created"])}]
    found = page(clerk, made)
    figures = found.pop("What it is made of")
    assert found == {
        **in_both,
        "Why it failed": "-",
        "Note": "A chip",
        "Settled": "Nov. 20, 2026, 9:05 a.m.",
        "Ref": made.ref,
        "Provider&#x27;s refund": f"sandbox-{made.ref}",
    }
    assert words(figures) == (
        "1 × Mug Why? "
        "€39.98 was paid for 2 pieces. €39.98 × 1 ÷ 2 = €19.99, rounded down. "
        "€3.19 of €19.99 is tax at 19 %, the same share as when it was paid. "
        "€19.99 €3.19 tax in it "
        "Extra amount Why? "
        "Spread over what is left of every part, so that each is worth so much less from now on: "
        "Mug: €4.02 Delivery: €0.98 "
        "€5.00 €0.79 tax in it "
        "Refund Why? "
        "€44.88 of the order was left to refund, €19.89 is left afterwards. "
        "At 19 %: €24.99, with €3.98 tax in it. "
        "€24.99 €3.98 tax in it "
        "1 × Mug: not shipped, not back for sale"
    )


@pytest.mark.parametrize(
    ("state", "shown_as"),
    [("pending", badge("info", "on its way")), ("failed", badge("danger", "failed"))],
)
def test_the_state_of_a_refund_has_its_word_and_colour(clerk, order, state, shown_as):
    refund(order, extra=500)
    Refund.unscoped.update(state=state)

    (row,) = rows(clerk, "refund")

    assert row["State"] == shown_as
    assert shown_as in clerk.get(f"/admin/orders/order/{order.pk}/change/").text


@pytest.mark.parametrize(
    ("state", "shown_as"),
    [("open", badge("danger", "open")), ("won", badge("ok", "won")), ("lost", badge("muted", "lost"))],
)
def test_a_dispute(clerk, order, state, shown_as):
    payment = Payment.unscoped.get()
    dispute = Dispute.unscoped.create(
        payment=payment, provider_ref="dp_1", amount=4488, currency="EUR", state=state, reason="fraudulent"
    )
    Dispute.unscoped.update(opened_at=MOMENT)

    in_both = {
        "Opened": "Nov. 20, 2026, 9:05 a.m.",
        "Order": link(order),
        "State": shown_as,
        "Amount": amount("€44.88"),
        "Reason": "fraudulent",
        "Closed": "-",
    }
    assert rows(clerk, "dispute") == [{**in_both, "Opened": opening(dispute, in_both["Opened"])}]
    assert page(clerk, dispute) == {**in_both, "Provider ref": "dp_1"}
    assert shown_as in clerk.get(f"/admin/orders/order/{order.pk}/change/").text


def test_an_event_of_a_provider(clerk):
    event = WebhookEvent.objects.create(provider="sandbox", event_id="evt_1", kind="x", payload={"a": "ä"})
    WebhookEvent.objects.update(received_at=MOMENT)

    in_both = {
        "Event": "evt_1",
        "Provider": "sandbox",
        "Kind": "x",
        "Received": "Nov. 20, 2026, 9:05 a.m.",
        "Applied": "-",
        "Outcome": "-",
    }
    assert rows(clerk, "webhookevent") == [{**in_both, "Event": opening(event, "evt_1")}]
    assert page(clerk, event) == {**in_both, "Content": "<pre>{\n  &quot;a&quot;: &quot;ä&quot;\n}</pre>"}


@pytest.mark.parametrize(
    ("model", "own"),
    [
        (
            Invoice,
            [("month/", "payments_invoice_month", "month_view"), ("<int:pk>/pdf/", "payments_invoice_pdf", "pdf_view")],
        ),
        (Payment, [("<int:order_id>/capture/", "payments_payment_capture", "view")]),
        (
            Refund,
            [
                ("<int:order_id>/make/", "payments_refund_make", "refund_view"),
                ("<int:refund_id>/retry/", "payments_refund_retry", "retry_view"),
            ],
        ),
        (
            Problem,
            [
                ("now/", "payments_problem_now", "reconcile_now"),
                ("<int:problem_id>/give-back/", "payments_problem_give_back", "view"),
                ("<int:problem_id>/recheck/", "payments_problem_recheck", "view"),
                ("<int:problem_id>/seen/", "payments_problem_seen", "view"),
            ],
        ),
    ],
)
def test_each_screen_has_its_address_before_those_of_any_admin(model, own):
    found = addresses(admin.site._registry[model])

    assert found[: len(own) + 1] == [*own, ("", f"payments_{model._meta.model_name}_changelist", "changelist_view")]
