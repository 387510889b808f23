import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client, override_settings
from django.urls import reverse

from apps.notifications.models import Message
from apps.users.models import User
from apps.users.tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def sign_up(client, email="ada@example.com", password=PASSWORD, **extra):
    return client.post(reverse("account_signup"), {"email": email, "password1": password}, **extra)


def link_in(message):
    return re.search(r"http\S+", message.text)[0]


def test_a_sign_up_mails_a_link_that_makes_the_address_real(client):
    answer = sign_up(client, "Ada@Example.com")
    assert answer.status_code == 302
    assert answer["Location"] == reverse("account_email_verification_sent")
    message = Message.objects.get(kind="account.email_confirmation")
    assert (message.recipient, message.secret, message.language) == ("ada@example.com", True, "en")
    page = client.get(link_in(message).removeprefix("http://testserver"))
    assert page.status_code == 200
    assert EmailAddress.objects.filter(verified=True).count() == 0  # mail scanners follow links, people press buttons
    answer = client.post(link_in(message).removeprefix("http://testserver"))
    assert answer.status_code == 302
    assert EmailAddress.objects.get().verified
    assert User.objects.get().email == "ada@example.com"
    assert client.get(reverse("users:account")).status_code == 200  # the browser that signed up is signed in


def test_the_link_works_in_another_browser_but_signs_nobody_in(client):
    sign_up(client)
    path = link_in(Message.objects.get()).removeprefix("http://testserver")
    stranger = Client()
    assert stranger.post(path).status_code == 302
    assert EmailAddress.objects.get().verified
    assert stranger.get(reverse("users:account")).status_code == 302


def test_a_customer_is_welcomed_once(client):
    sign_up(client)
    path = link_in(Message.objects.get()).removeprefix("http://testserver")
    client.post(path)
    client.post(path)
    assert Message.objects.filter(kind="account.welcome", recipient="ada@example.com").count() == 1


def test_a_german_visitor_gets_german_links(client):
    client.post("/de/account/signup/", {"email": "ada@example.com", "password1": PASSWORD})
    message = Message.objects.get()
    assert message.language == "de"
    assert link_in(message).startswith("http://testserver/de/account/confirm-email/")
    assert User.objects.get().language == "de"


@override_settings(ALLOWED_HOSTS=["*"], SITE_URL="https://shop.example")
def test_links_come_from_the_site_url_and_never_from_the_host_header(client):
    sign_up(client, headers={"host": "evil.example"})
    assert link_in(Message.objects.get()).startswith("https://shop.example/account/confirm-email/")
    assert "evil.example" not in Message.objects.get().text


def test_a_known_address_is_answered_like_an_unknown_one(client):
    make_user(email="known@example.com")
    known, unknown = sign_up(client, "KNOWN@example.com"), sign_up(Client(), "unknown@example.com")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert set(known.cookies) == set(unknown.cookies)
    assert User.objects.filter(email__iexact="known@example.com").count() == 1
    assert Message.objects.get(recipient="known@example.com").kind == "account.account_exists"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("no address", PASSWORD),
        ("", PASSWORD),
        ("a\0b@example.com", PASSWORD),
        ("a@example.com", "short"),
        ("a@example.com", "password1"),
    ],
)
def test_a_refused_sign_up_is_422_and_stores_nothing(client, email, password):
    answer = sign_up(client, email, password)
    assert answer.status_code == 422
    assert b'data-testid="form-error"' in answer.content
    assert User.objects.count() == Message.objects.count() == 0


def test_a_squatted_address_falls_to_whoever_reads_its_mail(client):
    make_user(email="ada@example.com", verified=False)
    owner = make_user(email="old@example.com")
    address = EmailAddress.objects.create(user=owner, email="ada@example.com")
    from allauth.account.models import EmailConfirmationHMAC

    client.post(reverse("account_confirm_email", args=[EmailConfirmationHMAC(address).key]))
    assert User.objects.get().email == "ada@example.com"
    assert User.objects.get().pk == owner.pk


def test_an_address_that_staff_use_is_not_taken_from_them(client):
    staff = make_user(email="staff@example.com", is_staff=True, verified=False)
    owner = make_user(email="old@example.com")
    address = EmailAddress.objects.create(user=owner, email="staff@example.com")
    from allauth.account.models import EmailConfirmationHMAC

    answer = client.post(reverse("account_confirm_email", args=[EmailConfirmationHMAC(address).key]))
    assert answer.status_code in {200, 302}
    owner.refresh_from_db()
    staff.refresh_from_db()
    assert (owner.email, staff.email) == ("old@example.com", "staff@example.com")


@pytest.mark.parametrize("key", ["x", "MQ:1abc:def", "%00", "a" * 2000])
def test_a_wrong_link_is_a_harmless_page(client, key):
    assert client.get(f"/account/confirm-email/{key}/").status_code in {200, 404}
    assert EmailAddress.objects.count() == 0
