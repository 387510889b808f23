"""Who the client is when proxies stand in front: as many hops of X-Forwarded-For as are trusted, no more."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def client_address(remote: str, forwarded_for: str, trusted: int) -> str:
    """The address that the outermost trusted proxy saw; a client can prepend to the header but not append.

    >>> client_address("10.0.0.1", "6.6.6.6, 203.0.113.7", 1)
    '203.0.113.7'
    """
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    if trusted and len(hops) >= trusted:
        return _address(hops[-trusted]) or remote
    return remote


def _address(hop: str) -> str:
    """The bare address of "192.0.2.1", "192.0.2.1:443" or "[2001:db8::1]:443"; empty for anything else.

    What is no address must not become the name that limits count by.
    """
    for text in (hop, hop.rpartition(":")[0]):
        try:
            return str(ip_address(text.partition("%")[0].strip("[]")))
        except ValueError:
            continue
    return ""


class TrustedProxyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META["REMOTE_ADDR"] = client_address(
            request.META.get("REMOTE_ADDR", ""),
            request.META.get("HTTP_X_FORWARDED_FOR", ""),
            settings.TRUSTED_PROXY_COUNT,
        )
        return self.get_response(request)
