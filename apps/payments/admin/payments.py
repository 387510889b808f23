"""Payments and what providers said, for reading. Money moves at the provider, never here."""

import json
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.core.badges import badge
from apps.core.kept_rows import ReadOnlyAdmin
from apps.core.money import Money
from apps.orders.admin import extras
from apps.orders.models import Order
from apps.payments.admin import capturing
from apps.payments.models import Payment, WebhookEvent

State = Payment.State
TONES = {
    State.CREATED: "muted",
    State.PENDING: "warn",
    State.AUTHORISED: "warn",
    State.SUCCEEDED: "ok",
    State.FAILED: "danger",
}


def state_badge(payment: Payment) -> str:
    return badge(payment.get_state_display(), TONES.get(State(payment.state), "muted"))


def attempts(request: HttpRequest, order: Order) -> dict[str, Any]:
    payments = Payment.unscoped.filter(order=order).order_by("attempt")
    return {"attempts": [(payment, state_badge(payment)) for payment in payments]}


extras.register(extras.OrderExtra("payments/admin/attempts.html", attempts, "payments.view_payment"))


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = ("ref", "order_link", "state_word", "method", "amount_text", "created")
    list_filter = ("state",)
    list_select_related = ("order",)
    search_fields = ("ref", "order__number")
    search_help_text = _("Order number or payment reference")
    sortable_by = ("ref",)  # what has an index; the newest come first
    fields = (
        "order_link",
        "state_word",
        "method",
        "attempt",
        "amount_text",
        "captured_text",
        "refunded_text",
        "applied",
        "ref",
        "session_ref",
        "intent_ref",
        "expires_at",
        "failure",
        "created",
        "changed",
    )
    readonly_fields = fields

    def get_urls(self) -> list[URLPattern]:
        return [*capturing.urls(), *super().get_urls()]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Whole references only: they are indexed, and nobody knows half a reference."""
        term = search_term.strip()
        if not term:
            return queryset, False
        by_order = queryset.filter(order__number=term.upper())
        return (by_order if by_order.exists() else queryset.filter(ref=term)), False

    @admin.display(description=_("order"))
    def order_link(self, payment: Payment) -> str:
        address = reverse("admin:orders_order_change", args=[payment.order_id])
        return format_html('<a href="{}">{}</a>', address, payment.order.number)

    @admin.display(description=_("state"), ordering="state")
    def state_word(self, payment: Payment) -> str:
        return state_badge(payment)

    @admin.display(description=_("created at"), ordering="created_at")
    def created(self, payment: Payment) -> str:
        return date_format(timezone.localtime(payment.created_at), "DATETIME_FORMAT")

    @admin.display(description=_("changed at"), ordering="updated_at")
    def changed(self, payment: Payment) -> str:
        return date_format(timezone.localtime(payment.updated_at), "DATETIME_FORMAT")

    @admin.display(description=_("amount"), ordering="amount")
    def amount_text(self, payment: Payment) -> str:
        return format_html('<span class="amount">{}</span>', payment.money)

    @admin.display(description=_("captured"))
    def captured_text(self, payment: Payment) -> str:
        return format_html('<span class="amount">{}</span>', Money(payment.captured, payment.currency))

    @admin.display(description=_("refunded"))
    def refunded_text(self, payment: Payment) -> str:
        return format_html('<span class="amount">{}</span>', Money(payment.refunded, payment.currency))


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnlyAdmin):
    list_display = ("event_id", "provider", "kind", "received_at", "applied_at", "outcome")
    list_filter = ("provider",)
    search_fields = ("event_id",)
    fields = ("event_id", "provider", "kind", "received_at", "applied_at", "outcome", "content")
    readonly_fields = fields

    @admin.display(description=_("content"))
    def content(self, event: WebhookEvent) -> str:
        return format_html("<pre>{}</pre>", json.dumps(event.payload, indent=2, ensure_ascii=False))
