"""Deny by default: a view that does not say who may enter answers 404.

Every view class declares `access`:
  public     anyone
  owner      anyone; the rows are limited by `for_owner`, so another's row is a 404
  signed-in  a user; a guest is sent to sign-in and comes back
  staff      staff with the model permission in `permission`
  signed     a machine that signs its requests (webhooks)
Views of other packages are declared by URL name or namespace in `THIRD_PARTY_ACCESS` of the root URLconf.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import ResolverMatch, reverse

from apps.core.guests import is_signed_in

PUBLIC, OWNER, SIGNED_IN, STAFF, SIGNED = "public", "owner", "signed-in", "staff", "signed"
LEVELS = frozenset({PUBLIC, OWNER, SIGNED_IN, STAFF, SIGNED})


def declared_access(view: Callable[..., Any], match: ResolverMatch | None) -> str | None:
    """What the view, or the table for other packages, says; None if nobody said anything."""
    own = getattr(getattr(view, "view_class", view), "access", None)
    if own is not None:
        return str(own)
    table: dict[str, str] = import_module(settings.ROOT_URLCONF).THIRD_PARTY_ACCESS
    if match is None:
        return None
    return table.get(match.view_name) or table.get(match.namespace)


class AccessMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        access = declared_access(view, request.resolver_match)
        if access not in LEVELS:
            raise Http404
        if access == SIGNED_IN and not is_signed_in(request):
            return redirect_to_login(_return_path(request), reverse(settings.LOGIN_URL))
        if access == STAFF and hasattr(view, "view_class"):
            return self._check_staff(request, view)
        return None

    def _check_staff(self, request: HttpRequest, view: Callable[..., Any]) -> HttpResponse | None:
        if not is_signed_in(request):
            return redirect_to_login(_return_path(request), reverse(settings.LOGIN_URL))
        permission = getattr(getattr(view, "view_class", None), "permission", None)
        if not request.user.is_staff:
            raise Http404
        if permission and not request.user.has_perm(permission):
            raise PermissionDenied
        return None


def _return_path(request: HttpRequest) -> str:
    """Where to come back to after sign-in: the page itself, or for a form or fragment the page around it."""
    if request.method in {"GET", "HEAD"} and not getattr(request, "htmx", False):
        return request.get_full_path()
    return reverse(settings.LOGIN_REDIRECT_URL)
