"""Where providers call. The signature is checked over the raw body before anything in it is read."""

import json
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from apps.orders.extensions import payment_methods
from apps.payments.inbox import receive_event
from apps.payments.sandbox import book, signature
from apps.payments.stripe import CODE

LARGEST_BODY = 256 * 1024


@method_decorator(csrf_exempt, name="dispatch")
class StripeWebhook(View):
    """Answers before anything is done: the event is kept with its job, and the job asks Stripe what is true."""

    access = "signed"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if not any(secret.strip() for secret in settings.STRIPE_WEBHOOK_SECRET):
            return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
        if _too_large(request):
            return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        from apps.payments.stripe import webhook  # a shop without Stripe never loads its SDK

        try:
            webhook.verify(request.headers.get(webhook.HEADER, ""), request.body)
            event = webhook.parse(request.body)
        except (webhook.BadSignature, ValueError, RecursionError):
            return HttpResponse(status=HTTPStatus.BAD_REQUEST)
        receive_event(provider=CODE, **event)
        return HttpResponse("ok", content_type="text/plain")


@method_decorator(csrf_exempt, name="dispatch")
class SandboxWebhook(View):
    access = "signed"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if book.CODE not in payment_methods():
            raise Http404
        if _too_large(request):
            return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            signature.verify(request.headers.get(signature.HEADER, ""), request.body)
            event = _parse(request.body)
        except (signature.BadSignature, ValueError):
            return HttpResponse(status=HTTPStatus.BAD_REQUEST)
        receive_event(provider=book.CODE, **event)
        return HttpResponse("ok", content_type="text/plain")


def _too_large(request: HttpRequest) -> bool:
    """By what the header says, before the body is read, and by what came."""
    declared = request.headers.get("Content-Length", "0")
    return (declared.isdigit() and int(declared) > LARGEST_BODY) or len(request.body) > LARGEST_BODY


def _parse(body: bytes) -> dict[str, Any]:
    """The parts of an event that we keep. Raises ValueError for anything that is not one."""
    event = json.loads(body)
    try:
        event_id, kind, payment = event["id"], event["type"], event["data"]["payment"]
    except (KeyError, TypeError) as error:
        raise ValueError("This is no event.") from error
    for text, longest in ((event_id, 128), (kind, 64), (payment, 32)):
        if not isinstance(text, str) or not 0 < len(text) <= longest or not text.isprintable():
            raise ValueError("This is no event.")
    return {"event_id": event_id, "kind": kind, "payload": {"payment": payment}}
