from functools import update_wrapper
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, ValidationError
from django.db import DataError, ProgrammingError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csp import get_nonce
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import mark_safe

from apps.core import brand, dashboard, setup_notes

SEARCH_VAR = "q"
LONGEST_SEARCH = 300
# A filter by the year 99999999 or a range of one end passes Django's own checks of an address and fails in the query.
_UNASKABLE = (DataError, ProgrammingError, OverflowError, ValueError, IndexError)


class StoaAdminSite(AdminSite):
    """The stock admin: our first page, our sign-in, and the CSP nonce that its templates print on their tags."""

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        banners = dashboard.banners_for(request) if self.has_permission(request) else []
        name = brand.shop_name()
        return {
            **super().each_context(request),
            "site_header": name,
            "site_title": name,
            "csp_nonce": get_nonce(request),
            "banners": banners,
        }

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """As Django's, but what its lists would fail on is refused first."""

        def readable_view(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            _refuse_unreadable(request, getattr(getattr(view, "__self__", None), "model", None))
            try:
                return view(request, *args, **kwargs)
            except _UNASKABLE:
                if request.method not in {"GET", "HEAD"} or not request.GET or ERROR_FLAG in request.GET:
                    raise
                # As Django does with a filter that it can't read: the list without it.
                return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")

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


def _refuse_unreadable(request: HttpRequest, model: type[Model] | None) -> None:
    """Raise BadRequest for a NUL in the query (PostgreSQL can't look for one), a search of so many words that SQLite
    can't hold the expression, and ticked rows whose keys are none."""
    if any("\x00" in value for key, values in request.GET.lists() for value in (key, *values)):
        raise BadRequest("The query holds a NUL.")
    if len(request.GET.get(SEARCH_VAR, "")) > LONGEST_SEARCH:
        raise BadRequest("The search is too long.")
    if model is None:
        return
    for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
        try:
            model._meta.pk.to_python(key)
        except ValidationError as error:
            raise BadRequest("A ticked row has no such key.") from error
