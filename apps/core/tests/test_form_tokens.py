import string

from django.middleware.csrf import _does_token_match, _unmask_cipher_token
from django.test import Client

from apps.core.form_tokens import form_token


def test_a_token_is_what_django_makes(rf):
    request = rf.get("/")
    first, second = form_token(request), form_token(request)
    secret = request.META["CSRF_COOKIE"]
    assert first != second
    assert (len(first), len(secret)) == (64, 32)
    assert set(first) <= set(string.ascii_letters + string.digits)
    assert _unmask_cipher_token(first) == _unmask_cipher_token(second) == secret
    assert _does_token_match(first, secret)
    assert request.META["CSRF_COOKIE_NEEDS_UPDATE"]


def test_visitors_get_different_secrets(rf):
    secrets = set()
    for _ in range(100):
        request = rf.get("/")
        form_token(request)
        secrets.add(request.META["CSRF_COOKIE"])
    assert len(secrets) == 100


def test_a_form_with_the_token_is_taken_and_one_with_anothers_is_not(db):
    client, other = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    pages = [visitor.get("/account/login/").content.decode() for visitor in (client, other)]
    own, foreign = (page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0] for page in pages)
    form = {"login": "ada@example.com", "password": "wrong"}
    assert client.post("/account/login/", {**form, "csrfmiddlewaretoken": own}).status_code == 422
    assert client.post("/account/login/", {**form, "csrfmiddlewaretoken": foreign}).status_code == 403
