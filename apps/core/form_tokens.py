"""Django's token of a form, made quickly: it draws each of 64 letters with a call of its own."""

import os
import string

from django.http import HttpRequest

_LETTERS = (string.ascii_letters + string.digits).encode()
_LENGTH = 32
# Of 256 values the first 248 are four times each of 62 letters; the others would make some letters likelier.
_FAIR = len(_LETTERS) * 4
_TABLE = bytes(_LETTERS[value % len(_LETTERS)] for value in range(256))
_UNFAIR = bytes(range(_FAIR, 256))
_PLACES = bytes.maketrans(_LETTERS, bytes(range(len(_LETTERS))))


def form_token(request: HttpRequest) -> str:
    """What `django.middleware.csrf.get_token` returns: the secret, masked anew. Like that it sets the cookie."""
    secret = request.META.get("CSRF_COOKIE")
    if secret is None:
        secret = request.META["CSRF_COOKIE"] = _random_letters().decode()
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True
    mask = _random_letters()
    # Letter by letter, the place of the one plus that of the other, all at once: no sum is greater than a byte.
    places = (int.from_bytes(letters.translate(_PLACES)) for letters in (secret.encode(), mask))
    return (mask + sum(places).to_bytes(_LENGTH).translate(_TABLE)).decode()


def _random_letters() -> bytes:
    while len(letters := os.urandom(_LENGTH + 16).translate(_TABLE, _UNFAIR)) < _LENGTH:
        pass
    return letters[:_LENGTH]
