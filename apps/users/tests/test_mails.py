import pytest
from django.apps import apps
from django.core import mail
from django.template.loader import render_to_string
from django.urls import reverse

from apps.notifications.models import Message
from apps.users.adapter import MAILS, send_account_mail
from apps.users.links import mail_context
from apps.users.tests.factories import make_user

pytestmark = pytest.mark.django_db

KINDS = sorted({kind for kind, _secret in MAILS.values()} | {"welcome"})
CONTEXT = {
    "activate_url": "http://testserver/confirm",
    "password_reset_url": "http://testserver/reset",
    "login_url": "http://testserver/login",
    "code": "ABCD-EFGH",
    "from_email": "old@example.com",
    "to_email": "new@example.com",
}


@pytest.mark.parametrize("kind", KINDS)
def test_text_and_html_lead_to_the_same_places(kind):
    context = {**mail_context(), **CONTEXT, "brand_name": "Stoa", "language": "en"}
    text = render_to_string(f"users/messages/{kind}.txt", context)
    html = render_to_string(f"users/messages/{kind}.html", context)
    for value in [*CONTEXT.values(), context["account_url"], context["contact_url"], context["reset_url"]]:
        assert (value in text) == (value in html)
    assert render_to_string(f"users/messages/{kind}.subject.txt", context).strip()


def test_a_shop_name_with_an_ampersand_is_not_escaped_in_text(settings):
    settings.SHOP_NAME = "Salt & Oak"
    context = {**mail_context(), **CONTEXT}
    assert "Salt & Oak" in render_to_string("users/messages/welcome.txt", context)
    assert "Salt &amp; Oak" in render_to_string("users/messages/welcome.html", context)


def test_a_secret_is_told_from_other_mails(client):
    secrets = {kind for kind, secret in MAILS.values() if secret}
    assert secrets == {"email_confirmation", "password_reset", "login_code"}


def test_without_notifications_mails_go_out_by_django(monkeypatch):
    # Other INSTALLED_APPS would make every app of the process ready a second time, and offer each delivery twice.
    monkeypatch.setattr(apps, "is_installed", lambda name: name != "apps.notifications")
    send_account_mail(kind="login_code", secret=True, recipient="ada@example.com", context=CONTEXT)
    sent = mail.outbox[0]
    assert (sent.to, sent.subject) == (["ada@example.com"], "Your sign-in code for Stoa")
    assert "ABCD-EFGH" in sent.body


def test_the_pages_after_a_mail_tell_developers_where_it_is(client):
    make_user(email="ada@example.com")
    client.post(reverse("account_request_login_code"), {"email": "ada@example.com"})
    assert Message.objects.count() == 1
    for name in ("account_confirm_login_code", "account_reset_password_done", "account_email_verification_sent"):
        used = {template.name for template in client.get(reverse(name)).templates}
        assert "partials/dev_mail.html" in used
