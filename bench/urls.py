"""The shop's addresses and the constant page, behind the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views import View

from config.urls import handler400, handler429, urlpatterns

__all__ = ["handler400", "handler429", "urlpatterns"]

BODY = b"x" * 1024


class ConstantView(View):
    """1 kB of fixed bytes, neither compressed nor kept."""

    access = "public"

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(BODY, content_type="application/octet-stream")


urlpatterns = [path("bench/constant/", ConstantView.as_view()), *urlpatterns]
