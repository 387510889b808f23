"""robots.txt hangs at the root, outside the languages."""

from django.urls import path

from apps.pages.views import RobotsView

urlpatterns = [path("", RobotsView.as_view(), name="robots")]
