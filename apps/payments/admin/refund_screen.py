"""The one screen of a refund: what to give back, every number of it before it happens, and then the button."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.fragments import HTMX_HEADERS, wants_fragment
from apps.orders.admin.actions import back_to, order_for
from apps.orders.models import Order
from apps.payments.admin.refund_form import RefundForm
from apps.payments.explaining import entries
from apps.payments.models import Refund
from apps.payments.services import refunds
from apps.pricing.refunding import RefundQuote

MAKE = "payments.make_refund"
TEMPLATE = "payments/admin/refund_make.html"
FRAGMENT = "refund-preview"


def refund_view(request: HttpRequest, order_id: int) -> HttpResponse:
    """GET asks; POST with `action=preview` shows the figures; POST with the total that was shown makes the refund."""
    order = order_for(request, order_id, MAKE)
    if request.method != "POST":
        return _page(request, order, _form(order))
    form = _form(order, request.POST)
    if not form.is_valid():
        return _page(request, order, form, status=422)
    try:
        if request.POST.get("action") == "preview":
            quote = refunds.preview_refund(order=order, selection=form.selection)
            return _page(request, order, form, quote)
        messages.success(request, _told(_make(request, order, form)))
        return back_to(order)
    except DomainError as refusal:
        return _refused(request, order, refusal)


def retry_view(request: HttpRequest, refund_id: int) -> HttpResponse:
    """POST tries a failed refund again; the way leads back to its order."""
    failed: Refund | None = Refund.unscoped.select_related("order").filter(pk=refund_id).first()
    order = order_for(request, failed.order_id if failed else 0, MAKE)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        messages.success(request, _told(refunds.retry_refund(refund_id=refund_id, actor=_actor(request))))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return back_to(order)


def _form(order: Order, data: Any = None) -> RefundForm:
    return RefundForm(order, refunds.order_parts(order), data)


def _make(request: HttpRequest, order: Order, form: RefundForm) -> Refund:
    shown = request.POST.get("shown_total", "")
    return refunds.refund_order(
        order_id=order.pk,
        selection=form.selection,
        restock=form.restock,
        reason=form.cleaned_data["reason"],
        note=form.cleaned_data["note"],
        token=form.cleaned_data["token"],
        actor=_actor(request),
        # Whoever presses without having seen a figure is shown one first.
        shown_total=int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 19 else 0,
    )


def _refused(request: HttpRequest, order: Order, refusal: DomainError) -> HttpResponse:
    """The same choice over the order as it is now, with why it was refused and, if there are any, its fresh figures."""
    form = _form(order, request.POST)
    quote = None
    if form.is_valid():
        form.add_error(None, str(refusal))
        if isinstance(refusal, refunds.AmountChanged):
            quote = refunds.preview_refund(order=order, selection=form.selection)
    return _page(request, order, form, quote, status=refusal.status)


def _page(
    request: HttpRequest, order: Order, form: RefundForm, quote: RefundQuote | None = None, status: int = 200
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Refund"),
        "order": order,
        "form": form,
        "quote": quote,
        "entries": entries(quote.explanation) if quote else [],
        "left": order.money(sum(part.left for part in form.parts)),
    }
    is_fragment = wants_fragment(request) and request.htmx.target == FRAGMENT
    template = f"{TEMPLATE}#preview" if is_fragment else TEMPLATE
    return TemplateResponse(request, template, context, status=status, headers={"Vary": ", ".join(HTMX_HEADERS)})


def _actor(request: HttpRequest) -> Any:
    return request.user


def _told(refund: Refund) -> str:
    return gettext("%(amount)s of order %(number)s go back. The customer gets a mail when it is done.") % {
        "amount": refund.money,
        "number": refund.order.number,
    }


def urls() -> list[URLPattern]:
    view = admin.site.admin_view
    return [
        path("<int:order_id>/make/", view(refund_view), name="payments_refund_make"),
        path("<int:refund_id>/retry/", view(retry_view), name="payments_refund_retry"),
    ]
