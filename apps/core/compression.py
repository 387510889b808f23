"""What leaves the shop is compressed: kept pages from their compressed pieces, everything else as Django does it."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

from apps.core.pieces import PiecedResponse


class CompressionMiddleware(GZipMiddleware):
    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not isinstance(response, PiecedResponse) or response.pieces is None:
            return super().process_response(request, response)
        body, encoding = response.compressed(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        response.content = body
        patch_vary_headers(response, ["Accept-Encoding"])
        response.headers["Content-Length"] = str(len(body))
        if encoding:
            response.headers["Content-Encoding"] = encoding
        return response
