from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.views import View
from django.views.generic import TemplateView

from apps.pages.texts import DESCRIPTIONS, TITLES, template_names

# allauth's limits count by the minute; the longest wait after a refusal.
RETRY_AFTER_SECONDS = 60


class PageView(TemplateView):
    """A text page of the shop, in the visitor's language."""

    access = "public"

    def get_template_names(self) -> list[str]:
        slug = self.kwargs["slug"]
        if slug not in TITLES:
            raise Http404
        return template_names(slug, get_language() or settings.LANGUAGE_CODE)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.kwargs["slug"]
        links = [
            {"title": title, "url": reverse("pages:page", args=[name]), "current": name == slug}
            for name, title in TITLES.items()
        ]
        return super().get_context_data(
            title=TITLES.get(slug, ""), meta_description=DESCRIPTIONS.get(slug, ""), page_links=links, **kwargs
        )


class RobotsView(View):
    """What search engines leave alone: everything that belongs to one visitor."""

    access = "public"
    private = ("cart/", "checkout/", "orders/", "account/", "payments/", "admin/")

    def get(self, request: HttpRequest) -> HttpResponse:
        roots = ["/", *(f"/{code}/" for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)]
        lines = ["User-agent: *", *(f"Disallow: {root}{path}" for root in roots for path in self.private)]
        return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Rendered without the request, which could not be read."""
    return HttpResponse(render_to_string("400.html"), status=400)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A limit was reached; `retry_after` of the exception, or a minute, says when to try again."""
    seconds = getattr(exception, "retry_after", RETRY_AFTER_SECONDS)
    response = render(request, "429.html", {"retry_after": seconds}, status=429)
    response["Retry-After"] = str(seconds)
    return response
