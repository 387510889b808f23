from django.urls import path

from apps.payments.views import SandboxBank, StripeReturn
from apps.payments.webhooks import SandboxWebhook, StripeWebhook

app_name = "payments"

urlpatterns = [
    path("sandbox/webhook/", SandboxWebhook.as_view(), name="sandbox-webhook"),
    path("sandbox/<slug:ref>/", SandboxBank.as_view(), name="sandbox-bank"),
    path("stripe/webhook/", StripeWebhook.as_view(), name="stripe-webhook"),
    path("stripe/<slug:ref>/return/", StripeReturn.as_view(), name="stripe-return"),
]
