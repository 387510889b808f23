from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.catalog.errors import StockMoved
from apps.catalog.models import Stock, StockMovement, Variant
from apps.catalog.selectors.variants import found_by, in_language
from apps.catalog.services import set_backorder
from apps.catalog.services.counting import recount
from apps.core.badges import badge
from apps.core.errors import DomainError
from apps.core.kept_rows import KeptRowsAdmin
from apps.core.searched import searched
from apps.core.translation import localized_text

Reason = StockMovement.Reason
CHANGE, COUNTED = "change", "counted"
MOVEMENTS = 50


class StockForm(forms.Form):
    """`expected` is what the page showed: a count from an old page must not undo a newer one."""

    mode = forms.ChoiceField(
        label=_("What do you enter?"),
        choices=[(CHANGE, _("A change: 5 or -2")), (COUNTED, _("The number counted on the shelf"))],
        widget=forms.RadioSelect,
        initial=CHANGE,
    )
    number = forms.IntegerField(label=_("Pieces"), min_value=-1_000_000, max_value=1_000_000)
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[(r.value, r.label) for r in (Reason.DELIVERY, Reason.COUNT, Reason.RETURN, Reason.LOSS)],
    )
    note = forms.CharField(
        label=_("Note"), max_length=200, required=False, validators=[ProhibitNullCharactersValidator()]
    )
    expected = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> Any:
        data: dict[str, Any] = super().clean() or {}
        if data.get("mode") == COUNTED and (data.get("number") or 0) < 0:
            self.add_error("number", _("Nobody counts less than nothing."))
        return data

    def save(self, stock: Stock, actor: Any) -> Stock:
        typed = self.cleaned_data
        counted = typed["mode"] == COUNTED
        return recount(
            variant=stock.variant,
            expected=typed["expected"],
            delta=None if counted else typed["number"],
            counted=typed["number"] if counted else None,
            reason=typed["reason"],
            note=typed["note"],
            actor=actor,
        )


class LimitForm(forms.ModelForm):
    class Meta:
        model = Stock
        fields = ("low_at",)


class LevelFilter(admin.SimpleListFilter):
    title = _("stock")
    parameter_name = "level"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("low", _("Low")), ("out", _("Sold out")), ("backorder", _("Sold when sold out"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Stock]) -> Any:
        if self.value() == "low":
            return queryset.low()
        if self.value() == "out":
            return queryset.sold_out()
        return queryset.filter(backorder=True) if self.value() == "backorder" else queryset


@admin.register(Stock)
class StockAdmin(KeptRowsAdmin):
    """What is on the shelf and what of it is promised; changed with a reason, and every change is kept."""

    list_display = ("product", "sku", "on_hand", "reserved", "to_sell")
    list_display_links = ("product",)
    list_filter = (LevelFilter,)
    list_select_related = ("variant__product",)
    search_fields = ("variant__sku",)
    search_help_text = _("SKU or title")
    ordering = ("-pk",)
    sortable_by = ("sku", "on_hand")

    reads: ClassVar[tuple[str, ...]] = (
        "on_hand", "reserved", "backorder", "low_at", "variant__sku", "variant__summary", "variant__product__title"
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Stock]:
        stocks: QuerySet[Stock] = super().get_queryset(request)
        stocks = stocks.select_related("variant__product").only(*self.reads)
        return stocks.annotate(shown_title=localized_text("title", "variant__product__"))

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """A whole SKU finds its row at once; anything else begins a SKU or is part of a title."""
        term = search_term.strip()
        if not term:
            return queryset, False
        if exact := Variant.objects.filter(sku=term).values_list("pk", flat=True).first():
            return queryset.filter(variant=exact), False
        return searched(queryset, found_by(term, "variant__")), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=_("product"))
    def product(self, stock: Stock) -> str:
        options = stock.variant.summary.get("options", [])
        text = " / ".join(in_language(option["value"]) for option in options)
        title = stock.shown_title  # type: ignore[attr-defined]
        return format_html('{} <span class="quiet">{}</span>', title, text) if text else title

    @admin.display(description=_("SKU"))
    def sku(self, stock: Stock) -> str:
        return format_html("<code>{}</code>", stock.variant.sku)

    @admin.display(description=_("to sell"))
    def to_sell(self, stock: Stock) -> str:
        if stock.backorder:
            return badge(_("back-order"), "info")
        if not stock.available:
            return badge(_("sold out"), "danger")
        return badge(str(stock.available), "warn" if stock.is_low else "ok")

    def get_urls(self) -> list[URLPattern]:
        steps = {"backorder": self.backorder_view, "limit": self.limit_view}
        return [
            *(
                path(f"<int:stock_id>/{name}/", self.admin_site.admin_view(view), name=f"catalog_stock_{name}")
                for name, view in steps.items()
            ),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        stock = self.get_object(request, object_id)
        if stock is None:
            raise Http404
        if not self.has_view_or_change_permission(request, stock):
            raise PermissionDenied
        form, status = StockForm(initial={"expected": stock.on_hand}), 200
        if request.method == "POST":
            if not self.has_change_permission(request, stock):
                raise PermissionDenied
            form = StockForm(request.POST)
            status = self._change(request, stock, form)
            if status == 302:
                return redirect("admin:catalog_stock_change", stock.pk)
        return self._page(request, stock, form, status)

    def _change(self, request: HttpRequest, stock: Stock, form: StockForm) -> int:
        """302 if the stock was changed, 422 for a form that can't be read, 409 for one that the rules refuse."""
        if not form.is_valid():
            return 422
        try:
            changed = form.save(stock, request.user)
        except DomainError as refusal:
            if isinstance(refusal, StockMoved):
                form.data = {**form.data.dict(), "expected": refusal.on_hand}
            form.add_error(None, str(refusal))
            stock.refresh_from_db()
            return 409
        text = gettext("%(sku)s: %(on_hand)d on hand.") % {"sku": stock.variant.sku, "on_hand": changed.on_hand}
        messages.success(request, text)
        return 302

    def _page(self, request: HttpRequest, stock: Stock, form: StockForm, status: int) -> HttpResponse:
        movements = StockMovement.objects.filter(variant=stock.variant_id).select_related("actor")
        context = {
            **self.admin_site.each_context(request),
            "title": stock.shown_title,  # type: ignore[attr-defined]
            "subtitle": stock.variant.sku,
            "opts": self.opts,
            "stock": stock,
            "product_text": self.product(stock),
            "badge": self.to_sell(stock),
            "form": form,
            "limit_form": LimitForm(instance=stock),
            "shop_limit": settings.STOCK_LOW_AT,
            "movements": movements[:MOVEMENTS],
            "can_change": self.has_change_permission(request, stock),
            "sees_product": request.user.has_perm("catalog.view_product"),
            "sees_movements": request.user.has_perm("catalog.view_stockmovement"),
        }
        return TemplateResponse(request, "admin/catalog/stock/page.html", context, status=status)

    def backorder_view(self, request: HttpRequest, stock_id: int) -> HttpResponse:
        """Allow or end selling beyond the shelf."""
        if refused := self._refusal(request, stock_id):
            return refused
        stock = self.get_object(request, str(stock_id))
        try:
            set_backorder(variant=stock.variant, backorder=not stock.backorder)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return redirect("admin:catalog_stock_change", stock.pk)

    def limit_view(self, request: HttpRequest, stock_id: int) -> HttpResponse:
        """Set from how few pieces on the shop warns of this variant."""
        if refused := self._refusal(request, stock_id):
            return refused
        form = LimitForm(request.POST, instance=self.get_object(request, str(stock_id)))
        if form.is_valid():
            form.save()
            messages.success(request, gettext("The limit is saved."))
        else:
            messages.error(request, gettext("The limit is a number of pieces, or empty."))
        return redirect("admin:catalog_stock_change", stock_id)

    def _refusal(self, request: HttpRequest, stock_id: int) -> HttpResponse | None:
        if not request.user.has_perm("catalog.change_stock"):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not Stock.objects.filter(pk=stock_id).exists():
            raise Http404
        return None
