from django.urls import path

from apps.core.media import MediaView

urlpatterns = [
    path("media/<path:path>", MediaView.as_view(), name="media"),
]
