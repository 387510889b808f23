"""Template context that is the same for every visitor of a page; nothing personal, so pages can be cached."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language, get_language_info

_page_context: list[Any] = []


def register(source: Any) -> None:
    """Add a function of the request whose dictionary goes into every page (the category menu, for one)."""
    _page_context.append(source)


def shop(request: HttpRequest) -> dict[str, Any]:
    context: dict[str, Any] = {
        "shop_name": settings.SHOP_NAME,
        "site_url": settings.SITE_URL,
        "test_shop": "sandbox" in settings.PAYMENT_METHODS,
        "show_dev_mail": settings.SHOW_DEV_MAIL,
        "language_links": language_links(request),
        "canonical_url": f"{settings.SITE_URL}{request.path}",
    }
    for source in _page_context:
        context.update(source(request))
    return context


def language_links(request: HttpRequest) -> list[dict[str, Any]]:
    """The same page in each language. A form that was refused is left to its page without the query."""
    path = request.get_full_path() if request.method == "GET" else request.path
    return [
        {
            "code": code,
            "name": get_language_info(code)["name_local"],
            "url": translate_url(path, code),
            "current": code == get_language(),
        }
        for code, _ in settings.LANGUAGES
    ]
