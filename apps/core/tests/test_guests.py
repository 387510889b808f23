import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory

from apps.core.guests import OwnerMiddleware, forget_guest, remember_guest
from apps.core.ownership import Owner, hash_key


def visit(view, **cookies):
    """Run a view behind the middleware; returns the request and the response."""
    request = RequestFactory().get("/")
    request.COOKIES.update(cookies)
    request.session = type("NoSession", (), {"session_key": None})()
    request.user = AnonymousUser()
    return request, OwnerMiddleware(lambda request: view(request) or HttpResponse())(request)


def test_a_visitor_is_nobody_and_gets_no_cookie():
    request, response = visit(lambda request: None)
    assert request.owner == Owner()
    assert not request.owner.is_known
    assert response.cookies == {}


def test_a_guest_who_must_be_remembered_gets_a_key_that_is_stored_hashed():
    request, response = visit(lambda request: remember_guest(request) and None)
    cookie = response.cookies["stoa_guest"]
    assert len(cookie.value) == 43
    assert request.owner == Owner(guest_key=hash_key(cookie.value))
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")


def test_a_remembered_guest_keeps_the_key():
    key = "k" * 43
    request, response = visit(lambda request: remember_guest(request) and None, stoa_guest=key)
    assert request.owner == Owner(guest_key=hash_key(key))
    assert "stoa_guest" not in response.cookies


@pytest.mark.parametrize("key", ["", "short", "x" * 65])
def test_a_key_that_we_never_gave_out_is_nobody(key):
    request, _ = visit(lambda request: None, stoa_guest=key)
    assert request.owner == Owner()


def test_signing_out_forgets_the_guest():
    _, response = visit(lambda request: forget_guest(None, request), stoa_guest="k" * 43)
    assert response.cookies["stoa_guest"]["max-age"] == 0


@pytest.mark.django_db
def test_a_signed_in_user_owns_by_account_whatever_the_cookie_says(rf):
    user = get_user_model().objects.create_user("ada@example.com")
    request = rf.get("/")
    request.COOKIES.update(stoa_guest="k" * 43, sessionid="x")
    request.user = user
    OwnerMiddleware(lambda request: HttpResponse())(request)
    assert request.owner == Owner(user_id=user.pk)
    assert request.owner.columns == {"user_id": user.pk, "guest_key": None}
