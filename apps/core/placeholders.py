"""Personal parts of a page that may be kept for everybody: templates write markers, the server fills them at the end.

`{% placeholder "cart-count" %}` writes a comment; after any cache has been read, the middleware replaces each marker by
what its filler says for this visitor. A filler gets the request and returns safe HTML.
"""

from collections.abc import Callable, Iterable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language

from apps.core.form_tokens import form_token
from apps.core.markers import put_together, taken_apart
from apps.core.pieces import CSRF_FIELD, PiecedResponse, Pieces, digest

Filler = Callable[[HttpRequest], str]

_fillers: dict[str, Filler] = {}
# What strangers get, by name and language, of fillers that say the same to all of them.
_said: dict[str, dict[str, bytes]] = {}
_MESSAGES_COOKIE = "messages"
_KEPT_HEADERS = ("ETag", "Cache-Control", "Vary", "HX-Push-Url")


def register(name: str, filler: Filler, *, strangers_are_alike: bool = False) -> None:
    """Name a filler; called in `ready()` of the app that knows the answer.

    `strangers_are_alike` promises that in one language it always says the same to whoever has no cookie of ours.
    """
    _fillers[name] = filler
    if strangers_are_alike:
        _said[name] = {}


def csrf_field(request: HttpRequest) -> str:
    return f'<input type="hidden" name="csrfmiddlewaretoken" value="{form_token(request)}">'


def fill(request: HttpRequest, names: Iterable[str]) -> dict[str, bytes]:
    """What stands at each marker; each filler runs once. An unknown name leaves nothing behind."""
    return {name: filler(request).encode() if (filler := _fillers.get(name)) else b"" for name in dict.fromkeys(names)}


def said_to_strangers(language: str) -> dict[str, bytes]:
    """What the fillers that say the same to all strangers said to the last one."""
    return {name: said[language] for name, said in _said.items() if language in said}


def is_stranger(request: HttpRequest) -> bool:
    """A visitor whom no cookie names: whoever it is gets the same parts as all others."""
    cookies = request.COOKIES
    return not cookies or not (
        {settings.SESSION_COOKIE_NAME, settings.GUEST_COOKIE_NAME, _MESSAGES_COOKIE} & cookies.keys()
    )


class PlaceholderMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, PiecedResponse) and response.pieces is not None:
            return fill_kept(request, response, response.pieces)
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        parts, names = taken_apart(response.content)
        if names:
            filled = fill(request, names)
            response.content = put_together(parts, [filled[name] for name in names])
            _make_private(response)
        return response


def fill_kept(
    request: HttpRequest, response: PiecedResponse, pieces: Pieces, known: Mapping[str, bytes] | None = None
) -> HttpResponse:
    """Fill a kept page, or say that the browser has it already as it would be filled. What is `known` is not asked."""
    known = known or {}
    asked = fill(request, [name for name in pieces.names if name not in known])
    filled = {name: known[name] if name in known else asked[name] for name in pieces.names}
    response.fill(list(map(filled.__getitem__, pieces.names)))
    stranger = is_stranger(request)
    response.is_common = stranger
    if stranger:
        for name in asked.keys() & _said.keys():
            _said[name][get_language() or ""] = asked[name]
    # The token is masked anew each time; what counts is the secret behind it.
    secret = request.META.get("CSRF_COOKIE", "").encode() if CSRF_FIELD in filled else b""
    version = digest(*(value for name, value in filled.items() if name != CSRF_FIELD), secret)
    etag = response.headers["ETag"] = f'W/"{pieces.version}-{version}"'
    _make_private(response)
    if etag in request.META.get("HTTP_IF_NONE_MATCH", "") and _MESSAGES_COOKIE not in request.COOKIES:
        same = HttpResponseNotModified()
        for name in _KEPT_HEADERS:
            if name in response.headers:
                same.headers[name] = response.headers[name]
        return same
    return response


def _make_private(response: HttpResponse) -> None:
    if not response.has_header("Cache-Control"):
        patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Cookie"])
