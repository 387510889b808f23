import re

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from apps.notifications.models import Message
from apps.users.tests.factories import PASSWORD, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

NEW = "another quiet harbour"


@pytest.fixture
def ada():
    return make_user(email="ada@example.com")


def reset_path(client, email="ada@example.com"):
    client.post(reverse("account_reset_password"), {"email": email})
    message = Message.objects.get(kind="account.password_reset")
    assert message.secret
    return re.search(r"http://testserver(\S+)", message.text)[1]


def form_behind(path):
    """What a fresh browser finds behind a link: the form, or None where the link is refused."""
    client = Client()
    page = client.get(path, follow=True)
    return (client, page.redirect_chain[-1][0]) if page.redirect_chain else None


def test_a_link_sets_a_new_password_once(client, ada):
    path = reset_path(client)
    browser, form_path = form_behind(path)
    assert browser.post(form_path, {"password1": NEW, "password2": "different"}).status_code == 422
    answer = browser.post(form_path, {"password1": NEW, "password2": NEW})
    assert answer["Location"] == reverse("account_reset_password_from_key_done")
    ada.refresh_from_db()
    assert ada.check_password(NEW)
    assert form_behind(path) is None
    assert Message.objects.filter(kind="account.password_changed", recipient=ada.email).count() == 1


def test_an_unknown_address_is_answered_like_a_known_one(client, ada):
    known = client.post(reverse("account_reset_password"), {"email": ada.email})
    unknown = Client().post(reverse("account_reset_password"), {"email": "nobody@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert set(known.cookies) == set(unknown.cookies)
    assert Message.objects.count() == 1


def test_a_new_secret_key_leaves_links_valid(client, ada):
    path = reset_path(client)
    with override_settings(SECRET_KEY="quite another key of the deploy, as long as the first one"):
        assert form_behind(path)


def test_a_rotated_reset_key_ends_links_unless_it_is_kept_as_a_fallback(client, ada, settings):
    path = reset_path(client)
    old, settings.PASSWORD_RESET_SIGNING_KEY = settings.PASSWORD_RESET_SIGNING_KEY, "a new key for reset links, long"
    assert form_behind(path) is None
    settings.PASSWORD_RESET_SIGNING_KEY_FALLBACKS = [old]
    assert form_behind(path)


@pytest.mark.parametrize("path", ["1-abc", "zzzzzzzzzzzzzzzz-set-password", "1-set-password", "9zzzzzzzzzzzz-x"])
def test_a_wrong_link_is_a_harmless_page(client, path):
    assert client.get(f"/account/password/reset/key/{path}/").status_code == 200


def test_changing_the_password_keeps_this_browser_and_signs_out_the_others(client, ada):
    here, elsewhere = client, Client()
    for browser in (here, elsewhere):
        browser.post(reverse("account_login"), {"login": ada.email, "password": PASSWORD})
    fields = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert here.post(reverse("account_change_password"), {**fields, "oldpassword": "wrong"}).status_code == 422
    assert here.post(reverse("account_change_password"), fields).status_code == 302
    assert here.get(reverse("users:account")).status_code == 200
    assert elsewhere.get(reverse("users:account")).status_code == 302
    assert Message.objects.get().kind == "account.password_changed"


def ask_for_new_address(client, email="new@example.com"):
    """A change asks for the password once more and then goes on by itself."""
    answer = client.post(reverse("account_email"), {"email": email, "action_add": ""})
    return client.post(answer["Location"], {"password": PASSWORD})


def test_a_new_address_counts_once_its_link_was_followed(client, ada):
    client.force_login(ada)
    ask_for_new_address(client)
    assert "new@example.com" in client.get(reverse("account_email")).content.decode()
    ada.refresh_from_db()
    assert ada.email == "ada@example.com"
    message = Message.objects.get(kind="account.email_confirmation")
    assert message.recipient == "new@example.com"
    client.post(re.search(r"http://testserver(\S+)", message.text)[1])
    ada.refresh_from_db()
    assert ada.email == "new@example.com"
    assert Message.objects.get(kind="account.email_changed").recipient == "ada@example.com"
    assert not Message.objects.filter(kind="account.welcome").exists()


def test_a_change_of_address_can_be_taken_back(client, ada):
    client.force_login(ada)
    ask_for_new_address(client)
    client.post(reverse("account_email"), {"email": "new@example.com", "action_remove": ""})
    page = client.get(reverse("account_email")).content.decode()
    assert "ada@example.com" in page
    assert "<strong>new@example.com</strong>" not in page


def test_a_change_to_another_persons_address_reveals_nothing(client, ada):
    make_user(email="known@example.com")
    client.force_login(ada)
    assert ask_for_new_address(client, "known@example.com").status_code == 302
    assert "known@example.com" in client.get(reverse("account_email")).content.decode()


def test_a_change_of_address_asks_for_the_password_first(client, ada):
    client.force_login(ada)
    answer = client.post(reverse("account_email"), {"email": "new@example.com", "action_add": ""})
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert client.get(answer["Location"]).status_code == 200
    assert client.post(answer["Location"], {"password": "wrong"}).status_code == 422
    assert not Message.objects.exists()
    client.post(answer["Location"], {"password": PASSWORD})
    assert Message.objects.get().recipient == "new@example.com"
