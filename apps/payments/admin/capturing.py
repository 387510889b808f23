"""The button on the page of an order that takes money which was only authorised."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.translation import gettext

from apps.orders.admin import extras
from apps.orders.admin.actions import step_url
from apps.orders.models import Order
from apps.payments import services
from apps.payments.models import Payment

CAPTURE = "payments.capture_payment"


def authorised(order: Order) -> Payment | None:
    return Payment.unscoped.filter(order=order, state=Payment.State.AUTHORISED).first()


def button(request: HttpRequest, order: Order) -> dict[str, Any]:
    return {"payment": authorised(order) if order.can_be_paid else None}


def capture(request: HttpRequest, order: Order) -> str:
    payment = authorised(order)
    if payment is None:
        raise services.NotAuthorised
    services.capture_payment(payment_id=payment.pk, actor=request.user)  # type: ignore[arg-type]
    return gettext("The provider is asked for the money. The order is paid as soon as it has it.")


def urls() -> list[URLPattern]:
    return [step_url("capture", "payments_payment_capture", CAPTURE, capture)]


extras.register(extras.OrderExtra("payments/admin/capture.html", button, CAPTURE, place="buttons"))
