from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.catalog.admin.categories import CategoryChoice
from apps.core.badges import badge
from apps.core.errors import DomainError
from apps.core.kept_rows import KeptRowsAdmin
from apps.inventory import services
from apps.inventory.admin.sheet import SheetForm, typed_variants
from apps.inventory.models import StockCount
from apps.inventory.selectors import AGAIN, ALL, TO_COUNT, progress, sheet, sheet_lines

ROWS = 50
TONES = {StockCount.State.OPEN: "info", StockCount.State.CLOSED: "ok", StockCount.State.DROPPED: "muted"}


class StartForm(forms.ModelForm):
    category = CategoryChoice(label=_("Category"), empty_label=_("everything in the shop"))

    class Meta:
        model = StockCount
        fields = ("category", "blind")


@admin.register(StockCount)
class StockCountAdmin(KeptRowsAdmin):
    """Stock takes: a list, a small form to start one, and the sheet that several people fill in."""

    form = StartForm
    list_display = ("what", "status", "counted", "started_by", "started_at")
    list_display_links = ("what",)
    list_select_related = ("started_by",)
    ordering = ("-pk",)
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockCount]:
        counts: QuerySet[StockCount] = super().get_queryset(request)
        return counts.select_related("category").annotate(lines_counted=Count("lines"))

    @admin.display(description=_("stock take"))
    def what(self, count: StockCount) -> str:
        return str(count)

    @admin.display(description=_("state"))
    def status(self, count: StockCount) -> str:
        return badge(count.get_state_display(), TONES[StockCount.State(count.state)])

    @admin.display(description=_("counted"))
    def counted(self, count: StockCount) -> int:
        return int(count.lines_counted)

    def save_model(self, request: HttpRequest, obj: StockCount, form: Any, change: bool) -> None:
        made = services.start_count(category=obj.category, blind=obj.blind, actor=request.user)
        obj.pk, obj.name = made.pk, made.name

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One button: whatever is pressed leads to the sheet."""
        wording = {"title": _("Start a stock take")}
        buttons = {"show_save_and_add_another": False, "show_save_and_continue": False}
        answer: HttpResponse = super().add_view(request, form_url, {**wording, **buttons, **(extra_context or {})})
        return answer

    def response_add(self, request: HttpRequest, obj: StockCount, post_url_continue: str | None = None) -> HttpResponse:
        return redirect("admin:inventory_stockcount_change", obj.pk)

    def get_urls(self) -> list[URLPattern]:
        steps = {"close": self.close_view, "drop": self.drop_view}
        return [
            *(
                path(f"<int:count_id>/{name}/", self.admin_site.admin_view(view), name=f"inventory_stockcount_{name}")
                for name, view in steps.items()
            ),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        count = self.get_object(request, object_id)
        if count is None:
            raise Http404
        if not self.has_view_or_change_permission(request, count):
            raise PermissionDenied
        page = self._rows(request, count)
        if request.method != "POST":
            return self._page(request, count, page, SheetForm(sheet_lines(count, page.object_list)))
        if not self.has_change_permission(request, count):
            raise PermissionDenied
        return self._save(request, count, page)

    def _rows(self, request: HttpRequest, count: StockCount) -> Page:
        rows = sheet(count, show=request.GET.get("show", ALL), words=request.GET.get("q", "").strip()[:80])
        return Paginator(rows, ROWS).get_page(request.GET.get("page"))

    def _save(self, request: HttpRequest, count: StockCount, page: Page) -> HttpResponse:
        """302 back to the sheet, 422 for what is no number, 409 with the fresh numbers where somebody else was faster.

        The rows are those that were sent: which ones the page shows may have changed since.
        """
        rows = sheet(count).filter(pk__in=typed_variants(request.POST)[:ROWS])
        form = SheetForm(sheet_lines(count, rows), request.POST)
        if not form.is_valid():
            return self._page(request, count, page, form, 422)
        try:
            saved = services.save_counts(count_id=count.pk, entries=form.entries(), actor=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:inventory_stockcount_change", count.pk)
        if saved.changed:
            text = ngettext("%d line is saved.", "%d lines are saved.", saved.changed) % saved.changed
            messages.success(request, text)
        if saved.conflicts:
            fresh = SheetForm(sheet_lines(count, sheet(count).filter(pk__in=saved.conflicts)))
            fresh.conflicts = saved.conflicts
            return self._page(request, count, page, fresh, 409)
        return HttpResponseRedirect(self._next_address(request, page))

    def _next_address(self, request: HttpRequest, page: Page) -> str:
        query = request.GET.copy()
        if "next" in request.POST and page.has_next():
            # What is counted leaves the list of what is to count, so its next page is the first again.
            query["page"] = "1" if query.get("show") == TO_COUNT else str(page.next_page_number())
        return f"{request.path}?{query.urlencode()}" if query else request.path

    def _page(
        self, request: HttpRequest, count: StockCount, page: Page, form: SheetForm, status: int = 200
    ) -> HttpResponse:
        shown, query = request.GET.get("show", ALL), request.GET.copy()
        query.pop("page", None)
        context = {
            **self.admin_site.each_context(request),
            "title": str(count),
            "opts": self.opts,
            "count": count,
            "badge": self.status(count),
            "form": form,
            "page_obj": page,
            "query": query.urlencode(),
            "words": request.GET.get("q", ""),
            "shown": shown,
            "filters": [(ALL, _("All")), (TO_COUNT, _("Not counted yet")), (AGAIN, _("To look at again"))],
            "progress": progress(count),
            "can_count": count.is_open and self.has_change_permission(request, count),
            "can_close": count.is_open and request.user.has_perms(CLOSING),
        }
        return TemplateResponse(request, "admin/inventory/stockcount/sheet.html", context, status=status)

    def close_view(self, request: HttpRequest, count_id: int) -> HttpResponse:
        """Write the differences. Changes the stock, and so needs the permission for that as well."""
        if refused := self._refusal(request, count_id, *CLOSING):
            return refused
        try:
            closing = services.close_count(count_id=count_id, actor=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:inventory_stockcount_change", count_id)
        text = ngettext("%d difference is in the books.", "%d differences are in the books.", closing.written)
        messages.success(request, text % closing.written)
        address = reverse("admin:inventory_stockcount_change", args=[count_id])
        if closing.again:
            text = ngettext("%d line has to be looked at again.", "%d lines have to be looked at again.", closing.again)
            messages.warning(request, text % closing.again)
            return HttpResponseRedirect(f"{address}?show={AGAIN}")
        return HttpResponseRedirect(address)

    def drop_view(self, request: HttpRequest, count_id: int) -> HttpResponse:
        if refused := self._refusal(request, count_id, "inventory.change_stockcount"):
            return refused
        try:
            services.drop_count(count_id=count_id, actor=request.user)
            messages.success(request, gettext("The stock take is dropped; the stock is as it was."))
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return redirect("admin:inventory_stockcount_changelist")

    def _refusal(self, request: HttpRequest, count_id: int, *permissions: str) -> HttpResponse | None:
        if not request.user.has_perms(permissions):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not StockCount.objects.filter(pk=count_id).exists():
            raise Http404
        return None


CLOSING = ("inventory.change_stockcount", "catalog.change_stock")
