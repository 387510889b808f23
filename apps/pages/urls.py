from django.urls import path

from apps.pages.views import PageView

app_name = "pages"

urlpatterns = [path("<slug:slug>/", PageView.as_view(), name="page")]
