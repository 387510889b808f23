"""The address alone says the language: /de/… is German, one without a prefix is the shop's first language."""

from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation


class AddressLanguageMiddleware:
    """Django's LocaleMiddleware without the visitor's wishes, which addresses overrule in this shop anyway.

    So no page varies by `Accept-Language`, and a cache may give the same one to everybody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        prefix = request.path_info[1:].partition("/")[0]
        language = prefix if any(prefix == code for code, _ in settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or language)
        return response


def fixed_address(name: str) -> str:
    """The path of a page that has one address in each language, in the language of now."""
    return _fixed_address(name, translation.get_language() or settings.LANGUAGE_CODE)


@lru_cache(maxsize=64)
def _fixed_address(name: str, language: str) -> str:
    """Kept, because asking Django for an address costs as much as showing three. `language` is that of now."""
    return reverse(name)
