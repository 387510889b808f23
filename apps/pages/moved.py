"""Old addresses lead to where their page is now. Asked only when nothing was found, so a page costs nothing for it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.translation import get_language_from_path

from apps.pages.models import Moved

MOVING = ("/products/", "/categories/", "/pages/")


class MovedMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")  # a kept page drops what it does not understand
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in {"GET", "HEAD"}:
            return response
        return _moved(request, query) or response


def _moved(request: HttpRequest, query: str) -> HttpResponse | None:
    language = get_language_from_path(request.path_info)
    prefix = f"/{language}" if language else ""
    path = request.path_info.removeprefix(prefix)
    if not path.startswith(MOVING) or "\x00" in path:
        return None
    target = Moved.objects.filter(old=path).values_list("new", flat=True).first()
    if target is None:
        return None
    return HttpResponsePermanentRedirect(f"{prefix}{target}{'?' if query else ''}{query}")
