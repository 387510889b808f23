"""Where a sign-in leads, and how often it may be tried."""

from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client

from apps.notifications.models import Message
from apps.users.models import User
from apps.users.tests.factories import PASSWORD
from tests.hostile.inputs import FOREIGN

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("postgres")]
SIGN_IN = {"login": "owner@example.com", "password": PASSWORD}


def stays_here(location):
    """As a browser reads it: no tab or line end counts, a backslash is a slash, and two slashes begin a host."""
    read = "".join(char for char in location if char not in "\t\r\n").strip().replace("\\", "/")
    parts = urlsplit(read)
    if parts.scheme or parts.netloc:
        return (parts.scheme, parts.netloc) == ("http", "testserver")
    return not read.startswith("//") and "\r" not in location and "\n" not in location


def test_the_judge_of_redirects_is_awake():
    assert stays_here("/cart/") and stays_here("http://testserver/cart/")
    for location in ("//evil.example", "/\\evil.example", "\t//evil.example", "https:evil.example", "javascript:x"):
        assert not stays_here(location)


@pytest.mark.parametrize("target", FOREIGN)
def test_no_redirect_leaves_the_shop(target, world):
    query = urlencode({"next": target})
    posted = urlencode({**SIGN_IN, "next": target}).encode()
    asked = [
        ("guest", "POST", "/account/login/", posted),
        ("guest", "POST", f"/account/login/?{query}", urlencode(SIGN_IN).encode()),
        (
            "guest",
            "POST",
            "/account/signup/",
            urlencode({"email": "n@example.com", "password1": PASSWORD, "next": target}).encode(),
        ),
        ("guest", "POST", "/account/login/code/", urlencode({"email": "owner@example.com", "next": target}).encode()),
        ("owner", "POST", "/account/logout/", urlencode({"next": target}).encode()),
        (
            "owner",
            "POST",
            f"/account/reauthenticate/?{query}",
            urlencode({"password": PASSWORD, "next": target}).encode(),
        ),
        ("owner", "GET", f"/account/login/?{query}", b""),
        ("owner", "GET", f"/account/signup/?{query}", b""),
        ("guest", "GET", f"/admin/login/?{query}", b""),
        ("manager", "GET", f"/admin/login/?{query}", b""),
    ]
    # All forms read `next` by the same door: each of them meets some targets, and some meet all of them.
    for role, method, path, data in asked if target in FOREIGN[:4] else asked[FOREIGN.index(target) % 3 :: 3]:
        response = world.ask(role, method, path, data=data)
        assert response.status_code in {302, 422, 200, 400}, path
        assert stays_here(response.get("Location", "/")), (method, path, response["Location"])
        swap = world.ask(role, method, path, data=data, headers={"HX-Request": "true", "HX-Target": "main"})
        assert stays_here(swap.get("HX-Redirect", "/")), (method, path)


def test_a_good_next_is_followed(world):
    response = world.ask("guest", "POST", "/account/login/", data=urlencode({**SIGN_IN, "next": "/cart/"}).encode())
    assert (response.status_code, response["Location"]) == (302, "/cart/")


def test_a_forged_forwarded_address_does_not_reset_the_limits(world):
    client = Client()
    statuses = [
        client.post(
            "/account/login/",
            {"login": "owner@example.com", "password": f"guess {n}"},
            headers={"X-Forwarded-For": f"10.0.{n}.1", "X-Real-IP": f"10.0.{n}.1", "Forwarded": f"for=10.0.{n}.1"},
        ).status_code
        for n in range(40)
    ]
    assert statuses[0] == 422
    assert statuses[-20:] == [429] * 20
    # Even the right password has to wait now, from whatever address it claims to come.
    right = client.post("/account/login/", SIGN_IN, headers={"X-Forwarded-For": "192.0.2.1"})
    assert right.status_code == 429


def test_sign_in_by_code_can_not_be_guessed(world):
    client = Client()
    client.post("/account/login/code/", {"email": "owner@example.com"})
    answers = [client.post("/account/login/code/confirm/", {"code": f"ABC{n:03}"}) for n in range(10)]
    assert {answer.status_code for answer in answers} <= {302, 422, 429}
    # After a few wrong ones the code is void: the page sends back to asking for a new one.
    assert answers[-1].status_code == 302
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["/account/signup/", "/account/password/reset/"])
def test_mails_can_not_be_asked_for_without_end(path, world):
    client = Client()
    data = {"password1": PASSWORD}
    statuses = [client.post(path, {**data, "email": f"person{n}@example.com"}).status_code for n in range(60)]
    assert statuses[-1] == 429


def test_one_mailbox_is_not_flooded_with_codes(world):
    before = Message.objects.filter(recipient="owner@example.com").count()
    for _ in range(20):
        Client().post("/account/login/code/", {"email": "owner@example.com"})
    assert Message.objects.filter(recipient="owner@example.com").count() - before <= 3


def test_the_answers_do_not_tell_who_has_an_account(world):
    for path in ("/account/password/reset/", "/account/login/code/", "/account/signup/"):
        answers = [
            world.ask("guest", "POST", path, data=urlencode({"email": email, "password1": PASSWORD}).encode())
            for email in ("owner@example.com", "nobody@example.com")
        ]
        assert answers[0].status_code == answers[1].status_code == 302
        assert answers[0]["Location"] == answers[1]["Location"]


def test_posted_powers_are_ignored_at_sign_up_and_in_the_profile(world):
    powers = {"is_staff": "on", "is_superuser": "on", "is_active": "on", "groups": "1", "user_permissions": "1"}
    Client().post("/account/signup/", {"email": "new@example.com", "password1": PASSWORD, **powers})
    client = Client()
    client.force_login(world.rows.owner)
    profile = {
        "full_name": "Ada",
        "bio": "",
        "language": "en",
        "email": "manager@example.com",
        "password": "x",
        **powers,
    }
    assert client.post("/account/", profile).status_code == 302
    for email in ("new@example.com", "owner@example.com"):
        person = User.objects.get(email=email)
        assert (person.is_staff, person.is_superuser, person.groups.count(), person.user_permissions.count()) == (
            False,
            False,
            0,
            0,
        )
    assert User.objects.get(pk=world.rows.owner.pk).check_password(PASSWORD)
