"""What payments hangs into a shop that starts, by what is set and what is installed."""

import pytest
from django.apps import apps

from apps.core import dashboard, setup_notes
from apps.orders import extensions
from apps.payments import gateways

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
