"""One URL, two shapes: the page, or the part of it that htmx is about to swap. The server decides which."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from apps.core.requests import ShopRequest
from apps.core.toasts import append_toasts
from apps.core.written_cookies import WrittenCookiesTemplateResponse

_KEPT_HEADERS = {"Cache-Control", "Referrer-Policy"}
HTMX_HEADERS = ("HX-Request", "HX-Target", "HX-Boosted", "HX-History-Restore-Request")


def wants_fragment(request: HttpRequest) -> bool:
    """An htmx swap; a boosted link and a restored history entry want the page."""
    if "HTTP_HX_REQUEST" not in request.META:  # most requests: nothing else of the header has to be read
        return False
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


class FragmentMixin:
    """Answer an htmx swap with one partial of the page's template, anyone else with the page.

    `fragments` maps the id of a swap target to a partial of the template; a client can't name a partial itself.
    A target that is not in the map gets the page.
    """

    fragments: ClassVar[dict[str, str]] = {}
    response_class = WrittenCookiesTemplateResponse  # most pages have a form, so they set the cookie of its token
    request: ShopRequest

    def get_template_names(self) -> list[str]:
        names: list[str] = super().get_template_names()  # type: ignore[misc]
        partial = self.get_partial()
        return [f"{name}#{partial}" for name in names] if partial else names

    def get_partial(self) -> str | None:
        if not wants_fragment(self.request):
            return None
        return self.fragments.get(self.request.htmx.target or "")

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().render_to_response(context, **response_kwargs)  # type: ignore[misc]
        patch_vary_headers(response, HTMX_HEADERS)
        return response


class FragmentMiddleware:
    """Redirects of swaps become whole-page navigations, and fragments carry their toasts."""

    def __init__(self, get_response: Callable[[ShopRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ShopRequest) -> HttpResponse:
        response = self.get_response(request)
        if not wants_fragment(request):
            return response
        if 300 <= response.status_code < 400 and "Location" in response:
            # The browser would follow a 3xx silently and swap a whole page into the target.
            navigation = HttpResponse(status=204, headers={"HX-Redirect": response["Location"]})
            navigation.cookies = response.cookies
            for name in _KEPT_HEADERS & set(response.headers):
                navigation[name] = response[name]
            return navigation
        if response.status_code not in {204, 304} and not response.streaming and "HX-Redirect" not in response:
            append_toasts(request, response)
        return response
