"""The sheet in which staff change many articles at once."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.catalog.models import Category, Variant
from apps.core.badges import badge
from apps.core.errors import DomainError
from apps.core.kept_rows import KeptRowsAdmin
from apps.exchange import services
from apps.exchange.forms import FilterForm, SheetForm
from apps.exchange.models import BulkEdit
from apps.exchange.selectors import shown_changes

ROWS = 50
SHEET = "exchange/admin/sheet.html"
PAGE = "exchange/admin/edit_page.html"


@admin.register(BulkEdit)
class BulkEditAdmin(KeptRowsAdmin):
    list_display = ("what", "actor", "made_at", "state")
    list_select_related = ("actor",)
    ordering = ("-pk",)
    view_on_site = False

    @admin.display(description=_("what"))
    def what(self, edit: BulkEdit) -> str:
        count = len(edit.changes)
        text = ngettext("%d row changed", "%d rows changed", count) % count
        return f"{text}: {', '.join(change['label'] for change in edit.changes[:3])}{' …' if count > 3 else ''}"

    @admin.display(description=_("state"))
    def state(self, edit: BulkEdit) -> SafeString | str:
        return badge(_("undone"), "muted") if edit.undone_at else badge(_("in force"), "ok")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.undo_view)
        return [path("<int:edit_id>/undo/", view, name="exchange_bulkedit_undo"), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The sheet; a POST calculates, shows what would change, or does it: 302, 409 refused, 422 not valid."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        paths = dict(Category.objects.order_by("path").values_list("path", "pk"))
        if request.method != "POST":
            page = self._page_of_variants(request)
            return self._sheet(request, SheetForm(list(page.object_list), paths), page=page)
        variants = _posted_variants(request)
        form = SheetForm(variants, paths, request.POST)
        if not variants or not form.is_valid():
            return self._sheet(request, form, status=422)
        try:
            return self._act(request, form)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self._sheet(request, form, status=refusal.status)

    def _act(self, request: HttpRequest, form: SheetForm) -> HttpResponse:
        action = request.POST.get("action")
        if action == "percent":
            return self._sheet(request, SheetForm(form.variants, form.paths, form.with_percent()))
        if action == "preview":
            edits = services.plan_edit(typed=form.typed())
            return self._sheet(request, form, preview=shown_changes([edit.as_json() for edit in edits]))
        edit = services.apply_edit(
            typed=form.typed(),
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            actor=request.user,
        )
        messages.success(request, gettext("The changes are made. They can be undone here."))
        return redirect("admin:exchange_bulkedit_change", edit.pk)

    def _page_of_variants(self, request: HttpRequest) -> Page:
        form = FilterForm(request.GET or None)
        variants = _variants()
        if form.is_valid():
            variants = _filtered(variants, form.cleaned_data)
        return Paginator(variants, ROWS).get_page(request.GET.get("page"))

    def _sheet(
        self,
        request: HttpRequest,
        form: SheetForm,
        *,
        page: Page | None = None,
        preview: Any = None,
        status: int = 200,
    ) -> HttpResponse:
        query = request.GET.copy()
        query.pop("page", None)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Edit many articles"),
            "opts": self.opts,
            "form": form,
            "rows": list(form.rows()),
            "filters": FilterForm(request.GET or None),
            "page": page,
            "query": query.urlencode(),
            "preview": preview,
            "paths": list(form.paths),
        }
        return TemplateResponse(request, SHEET, context, status=status)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        edit = self.get_object(request, object_id)
        if edit is None:
            raise Http404
        if not self.has_view_or_change_permission(request, edit):
            raise PermissionDenied
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        context = {
            **self.admin_site.each_context(request),
            "title": format_html("{} {}", _("Bulk edit"), edit),
            "opts": self.opts,
            "edit": edit,
            "badge": self.state(edit),
            "changes": shown_changes(edit.changes),
            "can_undo": edit.undone_at is None and self.has_change_permission(request, edit),
        }
        return TemplateResponse(request, PAGE, context)

    def undo_view(self, request: HttpRequest, edit_id: int) -> HttpResponse:
        if not request.user.has_perm("exchange.change_bulkedit"):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        edit = self.get_object(request, str(edit_id))
        if edit is None:
            raise Http404
        try:
            services.undo_edit(edit=edit, actor=request.user)
            messages.success(request, gettext("Everything is as it was before."))
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return redirect("admin:exchange_bulkedit_change", edit_id)


def _variants() -> QuerySet[Variant]:
    return (
        Variant.objects.select_related("product", "stock")
        .defer("product__description", "product__translations", "product__gallery")
        .order_by("-product_id", "position", "pk")
    )


def _filtered(variants: QuerySet[Variant], wanted: dict[str, Any]) -> QuerySet[Variant]:
    if term := wanted["q"].strip():
        variants = variants.filter(Q(sku__istartswith=term) | Q(product__title__icontains=term))
    if category := wanted["category"]:
        below = Category.objects.filter(Q(path=category.path) | Q(path__startswith=f"{category.path}/"))
        variants = variants.filter(product__category__in=below)
    return variants.filter(product__status=wanted["status"]) if wanted["status"] else variants


def _posted_variants(request: HttpRequest) -> Sequence[Variant]:
    """The rows that were on the page, however the filter would answer now."""
    keys = [key for key in request.POST.getlist("variant")[:ROWS] if key.isascii() and key.isdigit() and len(key) < 19]
    return list(_variants().filter(pk__in=keys))
