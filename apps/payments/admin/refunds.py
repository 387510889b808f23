"""Refunds and disputes: on the page of their order, by day in a list, each with why."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.core.badges import badge
from apps.core.kept_rows import ReadOnlyAdmin
from apps.core.money import Money
from apps.orders.admin import extras
from apps.orders.models import Order
from apps.payments.admin import refund_screen
from apps.payments.explaining import entries
from apps.payments.models import Dispute, Payment, Refund
from apps.payments.services import refunds

TONES = {Refund.State.PENDING: "info", Refund.State.SUCCEEDED: "ok", Refund.State.FAILED: "danger"}
DISPUTE_TONES = {Dispute.State.OPEN: "danger", Dispute.State.WON: "ok", Dispute.State.LOST: "muted"}
DAYS = 31


def state_badge(refund: Refund) -> str:
    return badge(refund.get_state_display(), TONES[Refund.State(refund.state)])


def dispute_badge(dispute: Dispute) -> str:
    return badge(dispute.get_state_display(), DISPUTE_TONES[Dispute.State(dispute.state)])


def order_refunds(request: HttpRequest, order: Order) -> dict[str, Any]:
    """The box beside an order: what was taken and given back, its refunds, its disputes."""
    paying: Payment | None = Payment.unscoped.filter(order=order, applied=True).first()
    open_failures = set(refunds.failed_refunds(order).values_list("pk", flat=True))
    rows = Refund.unscoped.filter(order=order).order_by("pk")
    disputes = Dispute.unscoped.filter(payment__order=order).order_by("pk")
    return {
        "paying": paying,
        "captured": order.money(paying.captured if paying else 0),
        "refunded": order.money(paying.refunded if paying else 0),
        "left": order.money(paying.captured - paying.refunded if paying else 0),
        "refunds": [(refund, state_badge(refund), refund.pk in open_failures) for refund in rows],
        "disputes": [(dispute, dispute_badge(dispute)) for dispute in disputes],
        "can_refund": request.user.has_perm(refund_screen.MAKE),
    }


def button(request: HttpRequest, order: Order) -> dict[str, Any]:
    paying: Payment | None = Payment.unscoped.filter(order=order, applied=True).first()
    return {"can_refund": paying is not None and paying.refunded < paying.captured}


extras.register(extras.OrderExtra("payments/admin/refunds.html", order_refunds, "payments.view_refund"))
extras.register(extras.OrderExtra("payments/admin/refund_button.html", button, refund_screen.MAKE, place="buttons"))


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "order_link", "state_word", "amount_text", "reason", "origin", "actor")
    list_display_links = ("created_at",)
    list_filter = ("state", "origin", "reason")
    list_select_related = ("order", "actor")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-pk")
    search_fields = ("ref", "order__number")
    search_help_text = _("Order number or reference of a refund")
    change_list_template = "payments/admin/refund_list.html"
    change_form_template = "payments/admin/refund_page.html"
    fields = (
        "order_link", "state_word", "failure", "amount_text", "figures", "reason", "note", "origin", "actor",
        "created_at", "settled_at", "ref", "provider_ref",
    )  # fmt: skip
    readonly_fields = fields

    def get_urls(self) -> list[URLPattern]:
        return [*refund_screen.urls(), *super().get_urls()]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Whole references only, as for payments."""
        term = search_term.strip()
        if not term:
            return queryset, False
        return queryset.filter(Q(order__number=term.upper()) | Q(ref=term)), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response: Any = super().changelist_view(request, extra_context)
        changelist = getattr(response, "context_data", {}).get("cl")
        if changelist is not None:
            response.context_data["days"] = sums_by_day(changelist.queryset)
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may = request.user.has_perm(refund_screen.MAKE)
        retry = may and object_id.isdigit() and refunds.failed_refunds().filter(pk=object_id).exists()
        return super().change_view(request, object_id, form_url, {"can_retry": retry, **(extra_context or {})})

    @admin.display(description=_("order"), ordering="order__number")
    def order_link(self, refund: Refund) -> str:
        address = reverse("admin:orders_order_change", args=[refund.order_id])
        return format_html('<a href="{}">{}</a>', address, refund.order.number)

    @admin.display(description=_("state"), ordering="state")
    def state_word(self, refund: Refund) -> str:
        return state_badge(refund)

    @admin.display(description=_("amount"), ordering="amount")
    def amount_text(self, refund: Refund) -> str:
        return format_html('<span class="amount">{}</span>', refund.money)

    @admin.display(description=_("what it is made of"))
    def figures(self, refund: Refund) -> str:
        context = {"entries": entries(refund.explanation), "lines": list(refund.lines.select_related("order_line"))}
        return render_to_string("payments/admin/refund_figures.html", context)


@admin.register(Dispute)
class DisputeAdmin(ReadOnlyAdmin):
    list_display = ("opened_at", "order_link", "state_word", "amount_text", "reason", "closed_at")
    list_filter = ("state",)
    list_select_related = ("payment__order",)
    search_fields = ("provider_ref",)
    fields = ("order_link", "state_word", "amount_text", "reason", "provider_ref", "opened_at", "closed_at")
    readonly_fields = fields

    @admin.display(description=_("order"))
    def order_link(self, dispute: Dispute) -> str:
        address = reverse("admin:orders_order_change", args=[dispute.payment.order_id])
        return format_html('<a href="{}">{}</a>', address, dispute.payment.order.number)

    @admin.display(description=_("state"), ordering="state")
    def state_word(self, dispute: Dispute) -> str:
        return dispute_badge(dispute)

    @admin.display(description=_("amount"), ordering="amount")
    def amount_text(self, dispute: Dispute) -> str:
        return format_html('<span class="amount">{}</span>', Money(dispute.amount, dispute.currency))


def sums_by_day(found: QuerySet[Refund]) -> list[dict[str, Any]]:
    """Per day and currency of the refunds that a list shows: how many, and what they come to without failed ones."""
    rows = (
        found.order_by()
        .annotate(day=TruncDate("created_at"))
        .values("day", "currency")
        .annotate(
            times=Count("pk"),
            failed=Count("pk", filter=Q(state=Refund.State.FAILED)),
            sum=Sum("amount", filter=~Q(state=Refund.State.FAILED)),
        )
        .order_by("-day", "currency")
    )
    return [{**row, "money": Money(row["sum"] or 0, row["currency"])} for row in rows[:DAYS]]
