"""The rules hang at the root, outside the languages."""

from django.urls import path

from apps.catalog.speculation import SpeculationRulesView

urlpatterns = [path("", SpeculationRulesView.as_view(), name="speculation-rules")]
