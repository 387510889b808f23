from django.http import HttpResponse
from django.views import View

from apps.core.requests import ShopRequest
from apps.orders.views.private import PrivateMixin
from apps.payments.documents.drawing import MEDIA_TYPE, draw
from apps.payments.models import Invoice


def as_download(document: Invoice) -> HttpResponse:
    response = HttpResponse(draw(document), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{document.filename}"'
    response["X-Robots-Tag"] = "noindex"
    return response


class DocumentDownload(PrivateMixin, View):
    """An invoice or credit note as a file, for whoever may see its order."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: ShopRequest, ref: str, document_ref: str) -> HttpResponse:
        return as_download(Invoice.objects.for_owner_or_404(request.owner, ref=document_ref, order__ref=ref))
