"""Personal parts of a page that may be cached: templates write markers, the server fills them in the same response.

`{% placeholder "cart-count" %}` writes a comment; after any cache has been read, the middleware replaces each marker by
what its filler says for this visitor. A filler gets the request and returns safe HTML. Text of users can't forge a
marker: templates escape `<`, and the sanitiser drops comments.
"""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import patch_cache_control, patch_vary_headers

Filler = Callable[[HttpRequest], str]

_MARKER = re.compile(rb"<!--stoa:([a-z-]+)-->")
_fillers: dict[str, Filler] = {}


def register(name: str, filler: Filler) -> None:
    """Name a filler; called in `ready()` of the app that knows the answer."""
    _fillers[name] = filler


def marker(name: str) -> str:
    return f"<!--stoa:{name}-->"


def csrf_field(request: HttpRequest) -> str:
    return f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}">'


def fill(request: HttpRequest, content: bytes) -> bytes:
    """Replace every marker; each filler runs once. An unknown name leaves nothing behind."""
    filled: dict[bytes, bytes] = {}

    def replacement(match: re.Match[bytes]) -> bytes:
        name = match[1]
        if name not in filled:
            filler = _fillers.get(name.decode())
            filled[name] = filler(request).encode() if filler else b""
        return filled[name]

    return _MARKER.sub(replacement, content)


class PlaceholderMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        if _MARKER.search(response.content):
            response.content = fill(request, response.content)
            if not response.has_header("Cache-Control"):
                patch_cache_control(response, private=True, no_cache=True)
            patch_vary_headers(response, ["Cookie"])
        return response
