from django.urls import path

from apps.payments.views import SandboxBank
from apps.payments.webhooks import SandboxWebhook

app_name = "payments"

urlpatterns = [
    path("sandbox/webhook/", SandboxWebhook.as_view(), name="sandbox-webhook"),
    path("sandbox/<slug:ref>/", SandboxBank.as_view(), name="sandbox-bank"),
]
