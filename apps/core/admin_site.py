from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.csp import get_nonce
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import mark_safe

from apps.core import dashboard, setup_notes


class StoaAdminSite(AdminSite):
    """The stock admin: our first page, our sign-in, and the CSP nonce that its templates print on their tags."""

    @property
    def site_header(self) -> str:  # type: ignore[override]
        return str(settings.SHOP_NAME)

    @property
    def site_title(self) -> str:  # type: ignore[override]
        return str(settings.SHOP_NAME)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        banners = dashboard.banners_for(request) if self.has_permission(request) else []
        return {**super().each_context(request), "csp_nonce": get_nonce(request), "banners": banners}

    def admin_view(self, view: Callable[..., HttpResponse], cacheable: bool = False) -> Callable[..., HttpResponse]:  # type: ignore[override]
        """As Django's, but a NUL in the query is refused: its filters would ask PostgreSQL for a text that can't be."""

        def readable_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if any("\x00" in value for values in request.GET.lists() for value in (values[0], *values[1])):
                raise BadRequest("The query holds a NUL.")
            return view(request, *args, **kwargs)

        return super().admin_view(update_wrapper(readable_view, view), cacheable)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """Apps that staff work with every day come first: an AppConfig says so in `admin_rank`."""
        found: list[dict[str, Any]] = super().get_app_list(request, app_label)
        return sorted(found, key=lambda app: getattr(apps.get_app_config(app["app_label"]), "admin_rank", 50))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(
            request,
            {
                "panels": [mark_safe(panel) for panel in dashboard.panels_for(request)],  # noqa: S308 - our templates
                "setup_notes": setup_notes.notes() if request.user.is_superuser else [],
                **(extra_context or {}),
            },
        )

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Staff sign in where everybody does: Django's own form here would count no attempts."""
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"), reverse(settings.LOGIN_URL))
