"""Pages that a browser may fetch before a link is pressed: products and categories, as plain addresses.

Nothing personal is fetched ahead, and nothing that counts (searches). What was fetched ahead shows the cart of then, so
any change that a visitor makes tells the browser to forget it.
"""

import json
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.generic import View

MEDIA_TYPE = "application/speculationrules+json"
PLACES = ("products/", "categories/")
A_DAY = 86_400


class SpeculationRulesView(View):
    """The rules that the header of every page names."""

    access = "public"

    def get(self, request: HttpRequest) -> HttpResponse:
        response = HttpResponse(json.dumps(rules(), separators=(",", ":")), content_type=MEDIA_TYPE)
        patch_cache_control(response, public=True, max_age=A_DAY)
        return response


def rules() -> dict[str, list[dict[str, object]]]:
    """Fetched when a pointer rests on a link, or a finger touches it."""
    roots = ["/", *(f"/{code}/" for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE)]
    where = [
        {"href_matches": [f"{root}{place}*" for root in roots for place in PLACES]},
        {"not": {"href_matches": "/*\\?(.+)"}},
        {"not": {"selector_matches": "[rel~=nofollow]"}},
    ]
    return {"prefetch": [{"where": {"and": where}, "eagerness": "moderate"}]}


class SpeculationMiddleware:
    """Names the rules on pages of the shop, and empties what was fetched ahead after a change."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.rules = f'"{reverse("speculation-rules")}"'

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            response.headers.setdefault("Clear-Site-Data", '"prefetchCache"')
        elif (
            response.status_code == 200
            and "HTTP_HX_REQUEST" not in request.META
            and not hasattr(response, "_csp_config")  # a page apart, like a mail in its sandbox, may not ask for them
            and response.headers.get("Content-Type", "").startswith("text/html")
        ):
            match = request.resolver_match
            if match and match.app_name != "admin":
                response.headers["Speculation-Rules"] = self.rules
        return response
