from django.urls import path

from apps.inventory.views import AlertAddView, AlertConfirmView, AlertDeleteView, AlertListView, AlertStopView

app_name = "inventory"

urlpatterns = [
    path("", AlertListView.as_view(), name="alert-list"),
    path("add/", AlertAddView.as_view(), name="alert-add"),
    path("confirm/<str:token>/", AlertConfirmView.as_view(), name="alert-confirm"),
    path("stop/<str:token>/", AlertStopView.as_view(), name="alert-stop"),
    path("<int:pk>/delete/", AlertDeleteView.as_view(), name="alert-delete"),
]
