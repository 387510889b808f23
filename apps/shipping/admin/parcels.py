"""The parcel of an order in the admin: the buttons on the order's page, and a list of what is under way."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.badges import badge
from apps.core.kept_rows import ReadOnlyAdmin
from apps.orders import services as orders
from apps.orders.admin import extras
from apps.orders.admin.actions import form_url, step_url
from apps.orders.models import Order
from apps.orders.models.order import OrderStatus
from apps.shipping import services
from apps.shipping.models import Shipment
from apps.users.models import User

FULFIL = "orders.fulfil_order"
TONES = {Shipment.State.PACKED: "info", Shipment.State.SHIPPED: "ok", Shipment.State.DELIVERED: "ok"}


class ShipForm(forms.ModelForm):
    class Meta:
        model = Shipment
        fields = ("carrier", "tracking_number", "tracking_url")

    def take(self, order: Order, actor: User) -> str:
        services.ship(order_id=order.pk, actor=actor, **self.cleaned_data)
        return gettext("Order %(number)s is on its way, and the customer is told.") % {"number": order.number}


def pack(request: HttpRequest, order: Order) -> str:
    services.pack(order_id=order.pk, actor=_actor(request))
    return gettext("Order %(number)s is packed.") % {"number": order.number}


def deliver(request: HttpRequest, order: Order) -> str:
    services.mark_delivered(order_id=order.pk, actor=_actor(request))
    return gettext("Order %(number)s has arrived.") % {"number": order.number}


def buttons(request: HttpRequest, order: Order) -> dict[str, Any]:
    states = Order.FulfilmentState
    is_paid = order.payment_state == Order.PaymentState.PAID and order.closure == Order.Closure.NONE
    waits = is_paid and order.fulfilment_state in {states.UNFULFILLED, states.PACKED}
    # What a refund has released is not sent; without a piece left there is no parcel.
    can_ship = waits and bool(orders.order_quantities(order))
    return {
        "can_pack": can_ship and order.fulfilment_state == states.UNFULFILLED,
        "can_ship": can_ship,
        "can_deliver": order.status == OrderStatus.SHIPPED,
    }


def parcel(request: HttpRequest, order: Order) -> dict[str, Any]:
    found: Shipment | None = Shipment.unscoped.filter(order=order).first()
    return {"parcel": found, "badge": state_badge(found) if found else ""}


def state_badge(shipment: Shipment) -> str:
    return badge(shipment.get_state_display(), TONES[Shipment.State(shipment.state)])


extras.register(extras.OrderExtra("shipping/admin/buttons.html", buttons, FULFIL, place="buttons"))
extras.register(extras.OrderExtra("shipping/admin/parcel.html", parcel, "shipping.view_shipment"))


@admin.register(Shipment)
class ShipmentAdmin(ReadOnlyAdmin):
    """Read-only: parcels move on the page of their order."""

    list_display = ("order_number", "state_word", "carrier", "tracking_number", "packed_at", "shipped_at")
    list_display_links = None
    list_filter = ("state",)
    list_select_related = ("order",)
    search_fields = ("tracking_number", "order__number")
    ordering = ("-pk",)

    def get_urls(self) -> list[URLPattern]:
        wording: dict[str, Any] = {
            "title": _("Hand over the parcel"),
            "lead": _("The pieces leave the stock, and the customer gets a mail with this tracking."),
            "button": _("It is on its way"),
        }
        own = [
            step_url("pack", "shipping_pack", FULFIL, pack),
            form_url("ship", "shipping_ship", FULFIL, ShipForm, wording),
            step_url("deliver", "shipping_deliver", FULFIL, deliver),
        ]
        return [*own, *super().get_urls()]

    @admin.display(description=_("order"), ordering="order__number")
    def order_number(self, shipment: Shipment) -> str:
        return format_html('<a href="../../orders/order/{}/change/">{}</a>', shipment.order_id, shipment.order.number)

    @admin.display(description=_("state"), ordering="state")
    def state_word(self, shipment: Shipment) -> str:
        return state_badge(shipment)


def _actor(request: HttpRequest) -> Any:
    return request.user
