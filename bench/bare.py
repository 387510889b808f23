"""Settings and addresses of a Django without middleware, apps or database: the floor under every page."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

SECRET_KEY = "nothing is signed here"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "bench.bare"
INSTALLED_APPS: list[str] = []
MIDDLEWARE: list[str] = []
USE_I18N = False

BODY = b"x" * 1024


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse(BODY, content_type="application/octet-stream")


def healthy(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"ok")


urlpatterns = [path("bench/constant/", constant), path("healthz", healthy)]
