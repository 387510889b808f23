"""What all strangers get of a kept page, answered before anything is asked about the visitor.

A stranger has no cookie of ours, so what the first one got goes to the second one, too, but for what is asked anew for
everybody (a form's token, a day of delivery). Session, user, messages and view would have nothing to add and are not
asked; what stands further out is: host check, policies, compression, the cookie of the token.
"""

from collections.abc import Callable, Hashable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from apps.core.pieces import PiecedResponse
from apps.core.placeholders import fill_kept, is_stranger, said_to_strangers
from apps.pages import journal
from apps.pages.kept import store

_WHOLE_PAGES = {"HTTP_HX_BOOSTED", "HTTP_HX_HISTORY_RESTORE_REQUEST"}


class StrangersMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "GET" or settings.DEBUG or not is_stranger(request):
            return self.get_response(request)
        language = get_language() or ""
        # As it was sent: the page of an address with something that makes no difference is found by its view.
        key = (language, request.path, request.META.get("QUERY_STRING", ""), _swapped(request.META))
        return _kept(request, key, language) or _learn(key, self.get_response(request))


def _swapped(meta: Mapping[str, str]) -> str | None:
    """What htmx is about to swap, as a kept fragment is named; of anything strange, what none is named."""
    if "HTTP_HX_REQUEST" not in meta:
        return None
    plain = meta["HTTP_HX_REQUEST"] == "true" and meta.keys().isdisjoint(_WHOLE_PAGES)
    return meta.get("HTTP_HX_TARGET", "") if plain else ""


def _kept(request: HttpRequest, key: Hashable, language: str) -> HttpResponse | None:
    if key not in store:
        return None
    store.catch_up(journal.at(request))
    page = store.get(key)
    if page is None or not page.has_all_headers:
        return None
    return fill_kept(request, page.response(), page.pieces, said_to_strangers(language))


def _learn(key: Hashable, response: HttpResponse) -> HttpResponse:
    """Remember with the page what all that stands further in has said about it."""
    if isinstance(response, PiecedResponse) and not response.cookies:
        page = store.get(key)
        if page is not None and page.pieces is response.pieces:
            page.headers, page.has_all_headers = dict(response.headers), True
    return response
