"""Steps that staff take on an order: each one a URL of the admin with its own permission."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from apps.core.errors import DomainError
from apps.orders.models import Order

Step = Callable[[HttpRequest, Order], str]
View = Callable[..., HttpResponse]


def back_to(order: Order) -> HttpResponse:
    return redirect("admin:orders_order_change", order.pk)


def order_for(request: HttpRequest, order_id: int, permission: str) -> Order:
    """The order, for a member of staff who may take the step. Raises PermissionDenied, Http404."""
    if not request.user.has_perm(permission):
        raise PermissionDenied
    order: Order | None = Order.unscoped.filter(pk=order_id).first()
    if order is None:
        raise Http404
    return order


def step_url(route: str, name: str, permission: str, step: Step, site: AdminSite = admin.site) -> URLPattern:
    """A step of one button: POST takes it, says how it went and leads back to the order. Nothing else is answered."""

    def view(request: HttpRequest, order_id: int) -> HttpResponse:
        order = order_for(request, order_id, permission)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            messages.success(request, step(request, order))
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return back_to(order)

    return path(f"<int:order_id>/{route}/", site.admin_view(view), name=name)


def form_url(
    route: str, name: str, permission: str, form_class: Any, wording: dict[str, Any], site: AdminSite = admin.site
) -> URLPattern:
    """A step that asks something first: a page with a form whose `take(order, actor)` takes it."""

    def view(request: HttpRequest, order_id: int) -> HttpResponse:
        order = order_for(request, order_id, permission)
        form = form_class(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                messages.success(request, form.take(order, request.user))
                return back_to(order)
            except DomainError as refusal:
                order.refresh_from_db()
                form.add_error(None, str(refusal))
        context = {**site.each_context(request), **wording, "order": order, "form": form, "opts": Order._meta}
        template = "admin/orders/order/step.html"
        return TemplateResponse(request, template, context, status=422 if form.errors else 200)

    return path(f"<int:order_id>/{route}/", site.admin_view(view), name=name)
