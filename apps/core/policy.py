"""Django's Content-Security-Policy, written out once instead of for every answer."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware import csp
from django.utils.csp import CSP, build_policy

_OWN = ("_csp_config", "_csp_ro_config")


class ContentSecurityPolicyMiddleware(csp.ContentSecurityPolicyMiddleware):
    """Most pages ask for no nonce and have no policy of their own; what is sent with them is always the same."""

    _plain: tuple[object, str] = (None, "")

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if csp.get_nonce(request) or settings.SECURE_CSP_REPORT_ONLY or any(hasattr(response, own) for own in _OWN):
            return super().process_response(request, response)  # type: ignore[no-any-return]
        config = settings.SECURE_CSP
        if self._plain[0] is not config:
            self._plain = config, build_policy(config)  # type: ignore[arg-type]
        response.headers.setdefault(str(CSP.HEADER_ENFORCE), self._plain[1])
        return response
