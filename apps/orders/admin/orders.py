import re
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.badges import badge
from apps.core.money import Money
from apps.core.searched import searched
from apps.orders.admin import extras, steps
from apps.orders.models import Order, OrderEvent
from apps.orders.models.order import OrderStatus

TONES = {
    OrderStatus.AWAITING_PAYMENT: "warn",
    OrderStatus.PAID: "info",
    OrderStatus.FULFILLING: "info",
    OrderStatus.SHIPPED: "ok",
    OrderStatus.DELIVERED: "ok",
}
_NUMBER = re.compile(r"^#?([0-9A-Z]{4})[- ]?([0-9A-Z]{4})$")
# What these events say of money is shown; that of a payment is the order's total.
WITH_AMOUNT = {
    OrderEvent.Kind.REFUND_STARTED,
    OrderEvent.Kind.REFUNDED,
    OrderEvent.Kind.REFUND_FAILED,
    OrderEvent.Kind.DISPUTED,
}
TO_SHIP, ATTENTION = "to-ship", "attention"


def status_badge(order: Order) -> str:
    return badge(order.get_status_display(), TONES.get(OrderStatus(order.status), "muted"))


class StatusFilter(admin.SimpleListFilter):
    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(TO_SHIP, _("To ship")), (ATTENTION, _("Needs attention")), *OrderStatus.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Order]) -> Any:
        if self.value() == TO_SHIP:
            return queryset.to_ship()
        if self.value() == ATTENTION:
            return queryset.exclude(attention="")
        return queryset.filter(status=self.value()) if self.value() else queryset


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    """Find orders and take them through packing, shipping and closing. What was agreed is read-only."""

    list_display = ("number", "state", "amount", "customer", "shipping_label", "placed")
    list_filter = (StatusFilter, "payment_state", "placed_at")
    search_fields = ("number",)
    search_help_text = _("Order number, email address or name")
    ordering = ("-placed_at", "-pk")
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        orders: QuerySet[Order] = super().get_queryset(request)
        if request.resolver_match and request.resolver_match.url_name == "orders_order_changelist":
            return orders.defer("tax_lines", "billing_address", "note")
        return orders

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """A whole number finds its order at once; anything else is part of an address or a name."""
        term = search_term.strip()
        number = _NUMBER.match(term.upper())
        if number:
            exact = queryset.filter(number="-".join(number.groups()))
            if exact.exists():
                return exact, False
        if "@" in term:
            return searched(queryset, Q(email__contains=term.lower())), False
        words = Q(email__contains=term.lower()) | Q(shipping_address__name__icontains=term)
        return (searched(queryset, words) if term else queryset), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        return False

    @admin.display(description=_("status"), ordering="status")
    def state(self, order: Order) -> str:
        if order.attention:
            return format_html("{} {}", status_badge(order), badge(_("Look"), "danger"))
        return status_badge(order)

    @admin.display(description=_("customer"), ordering="email")
    def customer(self, order: Order) -> str:
        name = order.shipping_address.get("name", "")
        return format_html('{}<br><span class="quiet">{}</span>', name, order.email)

    @admin.display(description=_("total"), ordering="total")
    def amount(self, order: Order) -> str:
        return format_html('<span class="amount">{}</span>', order.money(order.total))

    @admin.display(description=_("placed"), ordering="placed_at")
    def placed(self, order: Order) -> str:
        return date_format(timezone.localtime(order.placed_at), "SHORT_DATETIME_FORMAT")

    def get_urls(self) -> list[URLPattern]:
        return [*steps.urls(), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The order as it is, with the steps that this member of staff can take now."""
        order: Order | None = self.get_object(request, object_id)
        if order is None:
            raise Http404
        if not self.has_view_permission(request, order):
            raise PermissionDenied
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        context = {**self.admin_site.each_context(request), **self._page(request, order)}
        return TemplateResponse(request, "admin/orders/order/detail.html", context)

    def _page(self, request: HttpRequest, order: Order) -> dict[str, Any]:
        user = request.user
        packable = (Order.FulfilmentState.UNFULFILLED, Order.FulfilmentState.PACKED)
        is_open = order.closure == Order.Closure.NONE and order.fulfilment_state in packable
        return {
            "title": _("Order %(number)s") % {"number": order.number},
            "opts": self.opts,
            "order": order,
            "badge": status_badge(order),
            "attention": gettext(order.attention) if order.attention else "",
            "lines": list(order.lines.select_related("variant")),
            "totals": self._totals(order),
            "events": [self._event(event) for event in order.events.select_related("actor").order_by("-pk")],
            "extras": extras.extras_for(request, order),
            "can_cancel": is_open and user.has_perm("orders.cancel_order"),
            "can_change": self.has_change_permission(request, order),
            "has_links": order.guest_links.filter(revoked_at__isnull=True).exists(),
            "sees_messages": user.has_perm("notifications.view_message"),
            "sees_customer": order.user_id and user.has_perm("users.view_user"),
            "sees_product": user.has_perm("catalog.view_product"),
            "note_form": steps.NoteForm(),
        }

    def _totals(self, order: Order) -> list[tuple[Any, Any]]:
        rows: list[tuple[Any, Any]] = [(_("Goods"), order.money(order.subtotal))]
        if order.discount_total:
            rows.append((_("Discount"), order.money(-order.discount_total)))
        rows.append((_("Delivery"), order.money(order.shipping_total)))
        if order.tax_added:
            rows.append((_("Tax"), order.money(order.tax_added)))
        elif order.tax_total:
            rows.append((_("Tax it includes"), order.money(order.tax_total)))
        return rows

    def _event(self, event: OrderEvent) -> dict[str, Any]:
        """An entry of the timeline; what the code notes in English is said in the reader's language."""
        known = event.kind == OrderEvent.Kind.ATTENTION or event.data.get("settled")
        return {
            "label": _("Looked after") if event.data.get("settled") else event.get_kind_display(),
            "kind": event.kind,
            "text": gettext(event.text) if known and event.text else event.text,
            "at": event.at,
            "actor": event.actor,
            "public": event.public,
            "data": event.data,
            "money": _money(event),
        }


def _money(event: OrderEvent) -> Money | None:
    told = event.kind in WITH_AMOUNT and "amount" in event.data
    return Money(event.data["amount"], event.data["currency"]) if told else None
