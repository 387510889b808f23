"""Documents hang below their order; apps/payments/urls.py is for what providers call."""

from django.urls import path

from apps.payments.documents.views import DocumentDownload

app_name = "documents"

urlpatterns = [path("<slug:ref>/invoices/<slug:document_ref>/", DocumentDownload.as_view(), name="download")]
