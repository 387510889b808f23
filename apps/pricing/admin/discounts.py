"""Discounts in the admin: written as a draft, tried on the last month, then switched on."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.badges import badge
from apps.core.errors import DomainError
from apps.core.translated_forms import translated_fieldsets
from apps.pricing import services
from apps.pricing.admin.forms import DiscountForm
from apps.pricing.models import Discount
from apps.pricing.replaying import DAYS, replay
from apps.pricing.summaries import summary

State = Discount.State
TONES = {State.DRAFT: "muted", State.ACTIVE: "ok", State.ENDED: "muted"}

STACKING = _(
    "How discounts are combined: automatic ones come off first, from the lowest rank to the highest, then codes in the "
    "order in which they were entered. Each works on what the earlier ones left. A discount that can't be combined "
    "stands alone: the customer gets it or all others together, whichever makes the lower total. Percentages are "
    "rounded half up once per article, amounts are spread over the articles without losing a cent, and nothing "
    "goes below zero."
)


@admin.register(Discount)
class DiscountAdmin(admin.ModelAdmin):
    form = DiscountForm
    list_display = ("name", "words", "badge", "uses", "ends")
    list_filter = ("state", "kind")
    search_fields = ("name", "code")
    search_help_text = _("Name or code")
    autocomplete_fields = ("products",)

    class Media:
        js = ("js/admin-labels.js",)

    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Discount]:
        discounts: QuerySet[Discount] = super().get_queryset(request)
        return discounts.prefetch_related("categories", "products")

    def get_fieldsets(self, request: HttpRequest, obj: Discount | None = None) -> Any:
        own = [
            (None, {"fields": ["name", "code", "kind"]}),
            (_("What it takes off"), {"fields": ["percent", "amount", ("buy_quantity", "get_quantity")]}),
            (_("Off what"), {"fields": ["minimum_goods", "categories", "products"]}),
            (_("When and how often"), {"fields": ["starts_at", "ends_at", "total_limit", "per_customer_limit"]}),
            (_("With other discounts"), {"fields": ["combinable", "priority"], "description": STACKING}),
        ]
        return [*own, *translated_fieldsets("name")]

    def save_model(self, request: HttpRequest, obj: Discount, form: Any, change: bool) -> None:
        services.save_discount(discount=obj)

    def has_delete_permission(self, request: HttpRequest, obj: Discount | None = None) -> bool:
        unused = obj is None or not obj.redemptions.exists()
        return unused and super().has_delete_permission(request, obj)

    @admin.display(description=_("in words"))
    def words(self, discount: Discount) -> str:
        return summary(discount)

    @admin.display(description=_("state"), ordering="state")
    def badge(self, discount: Discount) -> str:
        return state_badge(discount)

    @admin.display(description=_("used"), ordering="used")
    def uses(self, discount: Discount) -> str:
        if discount.total_limit is None:
            return str(discount.used)
        return gettext("%(used)d of %(limit)d") % {"used": discount.used, "limit": discount.total_limit}

    @admin.display(description=_("ends"), ordering="ends_at")
    def ends(self, discount: Discount) -> str:
        return date_format(timezone.localtime(discount.ends_at), "SHORT_DATETIME_FORMAT") if discount.ends_at else "–"

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        return [
            path("<int:pk>/replay/", site.admin_view(self.replay_view), name="pricing_discount_replay"),
            path("<int:pk>/activate/", site.admin_view(self.activate_view), name="pricing_discount_activate"),
            path("<int:pk>/end/", site.admin_view(self.end_view), name="pricing_discount_end"),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        discount: Discount | None = kwargs.get("obj")
        if discount is not None:
            context.update(words=summary(discount), state_badge=state_badge(discount))
        return super().render_change_form(request, context, *args, **kwargs)

    def replay_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the discount would have done in the last month."""
        discount = self._discount(request, pk)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Try on the last month"),
            "opts": self.opts,
            "discount": discount,
            "words": summary(discount),
            "days": DAYS,
            "told": replay(discount),
            "can_activate": discount.state != State.ACTIVE,
        }
        return TemplateResponse(request, "admin/pricing/discount/replay.html", context)

    def activate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._step(request, pk, services.activate, gettext("The discount works from now on."))

    def end_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._step(request, pk, services.end, gettext("The discount has ended."))

    def _step(self, request: HttpRequest, pk: int, step: Callable[..., None], done: str) -> HttpResponse:
        discount = self._discount(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            step(discount_id=discount.pk)
            self.log_change(request, discount, done)
            messages.success(request, done)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return redirect("admin:pricing_discount_change", discount.pk)

    def _discount(self, request: HttpRequest, pk: int) -> Discount:
        if not request.user.has_perm("pricing.change_discount"):
            raise PermissionDenied
        discount: Discount | None = self.get_queryset(request).filter(pk=pk).first()
        if discount is None:
            raise Http404
        return discount


def state_badge(discount: Discount) -> str:
    """Active ones say whether their time has come and whether a use is left."""
    now = timezone.now()
    if discount.state == State.ACTIVE:
        if discount.ends_at and discount.ends_at <= now:
            return badge(_("Over"), "muted")
        if discount.starts_at and discount.starts_at > now:
            return badge(_("Waiting"), "info")
        if discount.total_limit is not None and discount.used >= discount.total_limit:
            return badge(_("Used up"), "warn")
    return badge(discount.get_state_display(), TONES[State(discount.state)])
