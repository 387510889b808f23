from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.middleware.csp import get_nonce


class StoaAdminSite(AdminSite):
    """The stock admin: our first page, and the CSP nonce that its templates print on their tags."""

    @property
    def site_header(self) -> str:  # type: ignore[override]
        return str(settings.SHOP_NAME)

    @property
    def site_title(self) -> str:  # type: ignore[override]
        return str(settings.SHOP_NAME)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "csp_nonce": get_nonce(request)}
