"""Template context that is the same for every visitor of a page; nothing personal, so pages can be cached."""

from functools import lru_cache
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
        "site_url": settings.SITE_URL,
        "default_language": settings.LANGUAGE_CODE,
        "test_shop": "sandbox" in settings.PAYMENT_METHODS,
        "show_dev_mail": settings.SHOW_DEV_MAIL,
        "language_links": language_links(request),
        "canonical_url": f"{settings.SITE_URL}{request.path}",
    }
    for source in _page_context:
        context.update(source(request))
    return context


def language_links(request: HttpRequest) -> list[dict[str, Any]]:
    """The same page in each language: as it is shown here, and by its canonical address.

    A form that was refused is left to its page without the query.
    """
    path = request.get_full_path() if request.method == "GET" else request.path
    canonical, current = _canonical(request, path), get_language()
    links = []
    for code, _ in settings.LANGUAGES:
        url = path if code == current else _translated(request, path, code)
        named = url
        if canonical != path:
            named = canonical if code == current else _translated(request, canonical, code)
        link = {"code": code, "name": _own_name(code), "url": url, "canonical": named, "current": code == current}
        links.append(link)
    return links


def _canonical(request: HttpRequest, path: str) -> str:
    """The address without what only chooses or sorts on the page: of its query the number of a page remains."""
    bare, _, query = path.partition("?")
    page = request.GET.get("page", "") if query else ""
    return f"{bare}?page={page}" if page.isdecimal() and page.isascii() else bare


@lru_cache(maxsize=64)
def _own_name(code: str) -> str:
    return str(get_language_info(code)["name_local"])


# Whether addresses of a name differ by their first part alone: Django would find out by two searches for each page.
_prefixed: dict[str, bool] = {}


def _translated(request: HttpRequest, path: str, code: str) -> str:
    name = request.resolver_match.view_name if request.resolver_match else ""
    swapped = _swapped(path, code)
    if name and _prefixed.get(name):
        return swapped
    found = translate_url(path, code)
    if name:
        _prefixed[name] = found == swapped
    return found


def _swapped(path: str, code: str) -> str:
    """The path below another language's prefix; the shop's first language has none."""
    parts = path.split("/", 2)
    if len(parts) == 3 and parts[1] in dict(settings.LANGUAGES):
        path = f"/{parts[2]}"
    return path if code == settings.LANGUAGE_CODE else f"/{code}{path}"
