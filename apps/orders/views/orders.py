from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from apps.core.errors import DomainError, TooManyAttempts
from apps.core.fragments import FragmentMixin, wants_fragment
from apps.core.guests import is_signed_in, remember_guest
from apps.core.requests import ShopRequest
from apps.orders import selectors, services
from apps.orders.errors import IllegalMove, LinkInvalid
from apps.orders.extensions import order_sections, payment_methods
from apps.orders.models import Order
from apps.orders.views.attempts import count_payment_attempt, slow_down
from apps.orders.views.private import PrivateMixin

PAGE_SIZE = 20


class OrderListView(PrivateMixin, TemplateView):
    template_name = "orders/order_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        orders = selectors.order_list(self.request.owner)
        page = Paginator(orders, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(page_obj=page, signed_in=is_signed_in(self.request), **kwargs)


class OrderPage(PrivateMixin, FragmentMixin, TemplateView):
    """An order as its owner sees it; whoever came by a link sees the same but can't be traced by the page's address."""

    template_name = "orders/order_detail.html"
    fragments = {"order-status": "live"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = selectors.order_page(self.request.owner, self.kwargs["ref"])
        return super().get_context_data(
            page=page,
            order=page.order,
            sections=order_sections(page.order),
            is_own=selectors.is_own(self.request.owner, page.order),
            methods=list(payment_methods().values()),
            signed_in=is_signed_in(self.request),
            as_fragment=bool(self.get_partial()),
            **kwargs,
        )

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        if not context["is_own"]:
            # No other site learns the address. "no-referrer" would make browsers post the page's own forms with
            # "Origin: null", and the button to pay would be refused as forged.
            response["Referrer-Policy"] = "same-origin"
        return response


class OrderDetailView(OrderPage):
    http_method_names = ["get", "head", "options"]


class OrderStatusView(OrderPage):
    """Asked again and again by the order page: 204 while nothing changed, else the fresh state."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: ShopRequest, ref: str) -> HttpResponse:
        version = selectors.order_version(request.owner, ref)
        if version is None:
            raise Http404
        if not wants_fragment(request):
            return redirect("orders:order-detail", ref)
        if request.GET.get("seen") == str(version):
            return HttpResponse(status=204)
        return self.render_to_response(self.get_context_data())

    def get_partial(self) -> str | None:
        return "live" if wants_fragment(self.request) else None


class OrderPayView(PrivateMixin, TemplateView):
    """Choose how to pay an order that waits for its money, and go there."""

    template_name = "orders/order_pay.html"
    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: ShopRequest, ref: str) -> HttpResponse:
        order: Order = Order.objects.for_owner_or_404(request.owner, ref=ref)
        if not order.can_be_paid:
            return redirect(order)
        context = self.get_context_data(order=order, methods=list(payment_methods().values()))
        return self.render_to_response(context)

    def post(self, request: ShopRequest, ref: str) -> HttpResponse:
        order: Order = Order.objects.for_owner_or_404(request.owner, ref=ref)
        method = request.POST.get("payment_method") or order.payment_method
        try:
            count_payment_attempt(request, order.ref)
            url = services.start_payment(order_id=order.pk, payment_method=method)
        except TooManyAttempts as refusal:
            return slow_down(request, refusal)
        except IllegalMove:
            url = order.get_absolute_url()  # paid or closed meanwhile: its page says so
        except DomainError as refusal:
            messages.warning(request, str(refusal))
            url = order.get_absolute_url()
        return HttpResponseRedirect(url, status=303)


class ReorderView(PrivateMixin, View):
    http_method_names = ["post", "options"]

    def post(self, request: ShopRequest, ref: str) -> HttpResponse:
        order: Order = Order.objects.for_owner_or_404(request.owner, ref=ref)
        left_out = services.reorder(owner=request.owner, order=order)
        if left_out:
            text = _("No longer available, so left out: %(titles)s.") % {"titles": ", ".join(left_out)}
            messages.warning(request, text)
        return HttpResponseRedirect(reverse("orders:cart"), status=303)


class GuestLinkView(PrivateMixin, View):
    """The link in a mail: this browser may see the order from now on. The token leaves the address bar at once."""

    http_method_names = ["get", "options"]

    def get(self, request: ShopRequest, token: str) -> HttpResponse:
        try:
            order = services.open_guest_link(owner=remember_guest(request), token=token)
        except LinkInvalid as error:
            raise Http404 from error
        response = redirect(order)
        response["Referrer-Policy"] = "no-referrer"
        return response
