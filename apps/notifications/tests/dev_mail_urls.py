"""The project's URLs and the inbox of a development shop, which the project adds only in development."""

from importlib import import_module

from django.urls import include, path

project = import_module("config.urls")

THIRD_PARTY_ACCESS = project.THIRD_PARTY_ACCESS
urlpatterns = [path("dev/mail/", include("apps.notifications.dev_urls")), *project.urlpatterns]
