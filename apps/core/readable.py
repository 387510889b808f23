"""Requests that no browser sends, and that would fail deep inside: sorted out before anything reads them."""

import codecs
from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse


class ReadableRequest(WSGIRequest):
    """Django's request, that a strange Content-Type can't keep from being made: the middleware refuses it then.

    Python knows "encodings" that decode no text (hex, rot13). Said to be one, a request fails while it is being made,
    before any middleware, and the server could only answer 500.
    """

    is_unreadable = False

    def __init__(self, environ: dict[str, Any]) -> None:
        try:
            super().__init__(environ)
        except (BadRequest, LookupError, UnicodeError):
            super().__init__({**environ, "CONTENT_TYPE": ""})
            self.is_unreadable = True


class ReadableRequestMiddleware:
    """Refuse a body said to be in anything but UTF-8, and forget cookies with a NUL.

    A quoted cookie can spell a NUL, which PostgreSQL refuses to look up; no cookie of ours ever holds one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "is_unreadable", False):
            raise BadRequest("The Content-Type can't be read.")
        if request.encoding and codecs.lookup(request.encoding).name not in {"utf-8", "ascii"}:
            raise BadRequest("The body must be UTF-8.")
        if any("\x00" in value for value in request.COOKIES.values()):
            request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\x00" not in value}
        return self.get_response(request)
