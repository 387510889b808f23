import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.notifications.models import Message
from apps.users.models import User
from apps.users.tests.factories import PASSWORD, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]


@pytest.fixture
def ada():
    return make_user(email="ada@example.com", full_name="Ada Lovelace")


def sign_in(client, email="ada@example.com", password=PASSWORD, **extra):
    return client.post(reverse("account_login"), {"login": email, "password": password, **extra})


def test_the_address_signs_in_whatever_its_case(client, ada):
    assert sign_in(client, "ADA@example.COM")["Location"] == reverse("users:account")
    assert client.get(reverse("users:account")).context["user"] == ada


def test_signing_in_starts_a_new_session(client, ada):
    session = client.session
    session["kept"] = "yes"
    session.save()
    client.cookies["sessionid"] = session.session_key
    sign_in(client)
    assert client.cookies["sessionid"].value != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


@pytest.mark.parametrize("target", ["/cart/", "/de/products/?q=mug"])
def test_sign_in_leads_back_to_a_page_of_the_shop(client, ada, target):
    assert sign_in(client, next=target)["Location"] == target


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example"]
)
def test_sign_in_never_leads_away_from_the_shop(client, ada, target):
    assert sign_in(client, next=target)["Location"] == reverse("users:account")


def test_a_wrong_password_and_an_unknown_address_look_the_same(client, ada):
    wrong, unknown = sign_in(client, password="wrong"), sign_in(client, "nobody@example.com", "wrong")
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.context["form"].errors == unknown.context["form"].errors


def test_an_address_that_is_not_proven_gets_another_link_and_no_session(client):
    make_user(email="new@example.com", verified=False)
    assert sign_in(client, "new@example.com")["Location"] == reverse("account_email_verification_sent")
    assert Message.objects.get().kind == "account.email_confirmation"
    assert client.get(reverse("users:account")).status_code == 302


def test_a_closed_account_stays_shut(client, ada):
    User.objects.update(is_active=False)
    assert sign_in(client)["Location"] == reverse("account_inactive")
    assert client.get(reverse("account_inactive")).status_code == 200


def test_three_hundred_attempts_are_refused_politely_and_store_nothing(client, ada):
    statuses = [sign_in(client, password=f"guess {n}").status_code for n in range(300)]
    assert set(statuses) == {422, 429}
    assert statuses.count(422) == 5
    assert Session.objects.count() == 0
    last = sign_in(client, password="one more")
    assert (last.status_code, last["Retry-After"]) == (429, "60")
    assert last.templates[0].name == "429.html"


def test_after_five_failures_the_form_says_when_to_try_again(client, ada):
    for _ in range(5):
        sign_in(client, password="wrong")
    answer = sign_in(client, password="wrong")
    assert (answer.status_code, answer["Retry-After"]) == (429, "300")
    assert "Try again in 5 minutes" in answer.content.decode()


def test_an_attacker_does_not_lock_the_owner_out(client, ada):
    for n in range(40):
        sign_in(client, password=f"guess {n}")
    owner = Client(REMOTE_ADDR="203.0.113.9")
    owner.post(reverse("account_request_login_code"), {"email": ada.email})
    code = code_in(Message.objects.get(kind="account.login_code"))
    assert owner.post(reverse("account_confirm_login_code"), {"code": code}).status_code == 302
    assert owner.get(reverse("users:account")).status_code == 200


def code_in(message):
    return next(line for line in message.text.splitlines() if line.isupper() or line.replace("-", "").isalnum())


def test_a_code_signs_in_once(client, ada):
    answer = client.post(reverse("account_request_login_code"), {"email": "ada@example.com"})
    assert answer["Location"] == reverse("account_confirm_login_code")
    message = Message.objects.get()
    assert (message.kind, message.secret, message.recipient) == ("account.login_code", True, "ada@example.com")
    assert client.post(reverse("account_confirm_login_code"), {"code": "WRONG"}).status_code == 422
    assert client.post(reverse("account_confirm_login_code"), {"code": code_in(message)}).status_code == 302
    assert client.get(reverse("users:account")).context["user"] == ada
    other = Client()
    assert other.post(reverse("account_confirm_login_code"), {"code": code_in(message)})["Location"] == reverse(
        "account_request_login_code"
    )


def test_a_code_for_an_unknown_address_looks_like_a_real_one(client, ada):
    known = client.post(reverse("account_request_login_code"), {"email": "ada@example.com"})
    unknown = Client().post(reverse("account_request_login_code"), {"email": "nobody@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert set(known.cookies) == set(unknown.cookies)
    assert Message.objects.count() == 1


def test_a_code_drops_the_password_of_a_sign_up_that_was_never_proven(client):
    victim = make_user(email="victim@example.com", password="chosen by a stranger", verified=False)
    client.post(reverse("account_request_login_code"), {"email": victim.email})
    client.post(reverse("account_confirm_login_code"), {"code": code_in(Message.objects.get())})
    victim.refresh_from_db()
    assert not victim.has_usable_password()
    assert sign_in(Client(), victim.email, "chosen by a stranger").status_code == 422
    assert client.get(reverse("users:account")).status_code == 200
    assert client.get(reverse("account_set_password")).status_code == 200


def test_signing_out_needs_a_button(client, ada):
    client.force_login(ada)
    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get(reverse("users:account")).status_code == 200
    assert client.post(reverse("account_logout")).status_code == 302
    assert client.get(reverse("users:account")).status_code == 302


def test_staff_sign_in_on_the_same_page(client):
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0] == "/account/login/?next=%2Fadmin%2F"
    make_user(email="boss@example.com", is_staff=True, is_superuser=True)
    assert sign_in(client, "boss@example.com", next="/admin/")["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_customers_do_not_get_into_the_admin(client, ada):
    client.force_login(ada)
    assert client.get("/admin/", follow=True).status_code == 403


def test_a_superuser_of_the_command_line_needs_no_mail(client):
    User.objects.create_superuser("root@example.com", PASSWORD)
    assert sign_in(client, "root@example.com")["Location"] == reverse("users:account")


def test_a_guest_sees_the_way_to_sign_in_and_no_session_is_read(client):
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("account_login"))
    assert not [query for query in queries if "session" in query["sql"] or "users_user" in query["sql"]]
    assert "sessionid" not in page.cookies
    assert page["Cache-Control"]
    assert b'autocomplete="username"' in page.content
    assert b'autocomplete="current-password"' in page.content
