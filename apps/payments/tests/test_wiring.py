"""What payments hangs into a shop that starts, by what is set and what is installed."""

from collections import defaultdict
from datetime import timedelta

import pytest
from django.apps import apps

from apps.core import dashboard, invariants, roles, setup_notes
from apps.jobs import periodic
from apps.orders import extensions, signals
from apps.payments import gateways, notes, panels, tasks
from apps.payments.documents import seller
from apps.payments.documents import tasks as document_tasks

REGISTRIES = [
    (dashboard, "_panels"),
    (setup_notes, "_sources"),
    (extensions, "_order_sections"),
    (extensions, "_mail_attachments"),
    (extensions, "_payment_methods"),
    (gateways, "_gateways"),
]


@pytest.fixture
def start(monkeypatch):
    """Start payments once more, with empty registries that are gone after the test."""
    for module, name in REGISTRIES:
        monkeypatch.setattr(module, name, type(getattr(module, name))())
    return apps.get_app_config("payments").ready


@pytest.mark.parametrize(
    ("methods", "key", "offered", "asked"),
    [
        (["sandbox"], "", ["sandbox"], ["sandbox"]),
        (["stripe"], "sk_test_x", ["stripe"], ["sandbox", "stripe"]),
        # Money that came by a method that is switched off still has to be asked for, if there is a key to ask with.
        (["sandbox"], "sk_test_x", ["sandbox"], ["sandbox", "stripe"]),
        (["stripe"], "", [], ["sandbox"]),
    ],
)
def test_a_method_is_offered_if_it_is_named_and_can_be_asked(start, settings, methods, key, offered, asked):
    settings.PAYMENT_METHODS, settings.STRIPE_SECRET_KEY = methods, key
    start()
    assert list(extensions.payment_methods()) == offered
    assert list(gateways.gateways()) == asked


def test_invoices_are_attached_to_mails_where_there_are_mails(start):
    start()
    assert [attachment.message for attachment in extensions._mail_attachments] == ["payment_received"]


def test_without_notifications_nothing_is_attached_and_the_order_page_has_its_invoice(start, monkeypatch):
    monkeypatch.setattr(apps, "is_installed", lambda name: name != "apps.notifications")
    start()
    assert extensions._mail_attachments == []
    assert len(extensions._order_sections) == 2


def test_each_role_may_do_its_part(start, monkeypatch):
    monkeypatch.setattr(roles, "_grants", defaultdict(lambda: defaultdict(set)))
    start()

    seen = {"view_payment", "view_refund", "view_dispute", "view_invoice", "make_refund", "capture_payment"}
    assert dict(roles._grants["payments"]) == {
        roles.ORDER_CLERK: seen,
        roles.MANAGER: {*seen, "view_webhookevent", "view_problem", "settle_problem"},
    }
    assert list(roles._grants) == ["payments"]


def test_what_runs_by_itself_and_how_often(start):
    start()

    assert {each.name: (each.task, each.every) for each in periodic.registered()} == {
        "payments.reconcile": (tasks.reconcile_payments, timedelta(minutes=15)),
        "payments.reconcile_books": (tasks.reconcile_books, timedelta(days=1)),
        "payments.issue_missing": (document_tasks.issue_missing, timedelta(hours=1)),
    }


FACTS = {name: fact for name, fact in vars(signals).items() if name.startswith("order_")}


def listening():
    """Under which names payments hears each fact."""
    names = {name: [key for (key, _), *_ in fact.receivers if isinstance(key, str)] for name, fact in FACTS.items()}
    return {name: sorted(key for key in keys if key.startswith("payments.")) for name, keys in names.items()}


def test_starting_once_more_lets_nobody_hear_a_fact_twice(start):
    before = {name: len(fact.receivers) for name, fact in FACTS.items()}
    start()

    assert {name: len(fact.receivers) for name, fact in FACTS.items()} == before


def test_a_shop_that_starts_hears_every_fact_that_moves_money(start, monkeypatch):
    for fact in FACTS.values():
        monkeypatch.setattr(fact, "receivers", [])
    start()

    assert {name: heard for name, heard in listening().items() if heard} == {
        "order_paid": ["payments.invoice_the_order"],
        "order_cancelled": ["payments.refund_cancelled", "payments.withdraw_cancelled"],
        "order_expired": ["payments.withdraw_expired"],
        "order_refunded": ["payments.credit_the_refund", "payments.tell_refunded"],
        "order_refund_failed": ["payments.void_the_credit"],
    }


def test_the_first_page_and_the_audit_have_what_is_about_money(start, monkeypatch):
    monkeypatch.setattr(invariants, "_checks", {})
    start()

    assert [(panel.name, panel.template, panel.permission, panel.rank) for panel in dashboard._panels] == [
        ("payments-to-settle", "payments/admin/to_settle.html", panels.PERMISSION, 4)
    ]
    assert setup_notes._sources == [notes.payment_notes, seller.seller_notes]
    assert all(map(callable, invariants._checks.values()))
    assert sorted(invariants._checks) == [
        "payments.amount_is_order_total",
        "payments.captured_is_success",
        "payments.credited_within_invoice",
        "payments.events_applied",
        "payments.invoice_is_of_its_order",
        "payments.lost_disputes_are_counted",
        "payments.money_is_known",
        "payments.money_reaches_order_or_goes_back",
        "payments.paid_order_has_invoice",
        "payments.paid_order_has_payment",
        "payments.pieces_refunded_once",
        "payments.refund_explains_itself",
        "payments.refund_has_credit_note",
        "payments.refund_is_its_lines",
        "payments.refund_state_is_its_refunds",
        "payments.refunded_is_its_refunds",
        "payments.refunded_within_captured",
        "payments.released_by_refunds",
        "payments.returned_refund_has_no_credit",
        "payments.series_have_no_gaps",
        "payments.success_has_effect",
    ]
