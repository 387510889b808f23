"""The shop's URLs and, for the error pages, two views that nobody should meet."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views import View

from config import urls as shop
from config.urls import THIRD_PARTY_ACCESS, handler400, handler429  # noqa: F401  read from the root URLconf

TOKENLESS_FORM = """<!doctype html><html lang="en"><head><title>A form that lost its token</title>
<link rel="icon" href="data:,"></head><body><main><h1>A form</h1>
<form method="post" action="/cart/lines/"><button>Send</button></form></main></body></html>"""


class Refusing(View):
    access = "public"

    def get(self, request: HttpRequest) -> HttpResponse:
        raise PermissionDenied


class Broken(View):
    access = "public"

    def get(self, request: HttpRequest) -> HttpResponse:
        raise RuntimeError("broken on purpose, for a test")


class TokenlessForm(View):
    access = "public"

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(TOKENLESS_FORM)


urlpatterns = [
    path("trial/403/", Refusing.as_view()),
    path("trial/500/", Broken.as_view()),
    path("trial/form/", TokenlessForm.as_view()),
    *shop.urlpatterns,
]
