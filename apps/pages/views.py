from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views import View
from django.views.generic import TemplateView

from apps.core.guests import is_signed_in
from apps.pages.kept import KeptPageMixin
from apps.pages.models import TextPage
from apps.pages.texts import DESCRIPTIONS, TITLES, template_names

# allauth's limits count by the minute; the longest wait after a refusal.
RETRY_AFTER_SECONDS = 60


class PageView(KeptPageMixin, TemplateView):
    """A text page of the shop, in the visitor's language: its own, or a sample that nobody has replaced."""

    access = "public"

    def get_kept_query(self) -> str | None:
        return None if "preview" in self.request.GET else ""

    def get_kept_tags(self, response: TemplateResponse) -> Iterable[str] | None:
        """Text pages list each other."""
        return {"pages"}

    def get_template_names(self) -> list[str]:
        if self.page:
            return ["pages/text.html"]
        return template_names(self.kwargs["slug"], get_language() or settings.LANGUAGE_CODE)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.kwargs["slug"]
        rows = list(TextPage.objects.all())
        self.page = next((row for row in rows if row.slug == slug and (row.published or self.may_preview())), None)
        if self.page is None and slug not in TITLES:
            raise Http404
        titles = {**TITLES, **{row.slug: row.localized("title") for row in rows if row.published}}
        links = [
            {"title": title, "url": reverse("pages:page", args=[name]), "current": name == slug}
            for name, title in titles.items()
        ]
        return super().get_context_data(page_links=links, **self.get_texts(), **kwargs)

    def get_texts(self) -> dict[str, Any]:
        slug, page = self.kwargs["slug"], self.page
        if page is None:
            return {"title": TITLES[slug], "meta_description": DESCRIPTIONS[slug]}
        return {
            "title": page.localized("title"),
            "body": page.localized("body"),
            "meta_description": page.localized("meta_description") or page.localized("title"),
            "preview": not page.published,
            "noindex": not page.published,
        }

    def may_preview(self) -> bool:
        """Staff who may see pages in the admin can look at a draft in the shop."""
        request = self.request
        if request.GET.get("preview") != "1" or not is_signed_in(request):
            return False
        return bool(request.user.is_staff and request.user.has_perm("pages.view_textpage"))


class RobotsView(View):
    """What search engines leave alone: everything that belongs to one visitor."""

    access = "public"
    private = ("cart/", "checkout/", "orders/", "account/", "payments/", "admin/")

    def get(self, request: HttpRequest) -> HttpResponse:
        roots = ["/", *(f"/{code}/" for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)]
        lines = ["User-agent: *", *(f"Disallow: {root}{path}" for root in roots for path in self.private)]
        lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}"]
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
