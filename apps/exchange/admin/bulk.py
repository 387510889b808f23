"""The sheet in which staff change many articles at once."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.catalog.models import Variant
from apps.core.badges import badge
from apps.core.errors import DomainError
from apps.core.kept_rows import KeptRowsAdmin
from apps.exchange import services
from apps.exchange.admin.choosing import Selection, articles, selection_of
from apps.exchange.admin.edits import EditPages
from apps.exchange.column_forms import ColumnsForm, described
from apps.exchange.forms import FilterForm, SheetForm
from apps.exchange.models import BulkEdit
from apps.exchange.selectors import category_paths, shown_changes

ROWS = 50
SHEET = "exchange/admin/sheet.html"
State = BulkEdit.State
TONES = {
    State.CHECKING: "info",
    State.CHECKED: "warn",
    State.RUNNING: "info",
    State.STOPPED: "warn",
    State.DONE: "ok",
    State.UNDOING: "info",
    State.UNDONE: "muted",
}


@admin.register(BulkEdit)
class BulkEditAdmin(EditPages, KeptRowsAdmin):
    list_display = ("what", "status", "actor", "made_at")
    list_select_related = ("actor",)
    ordering = ("-pk",)
    view_on_site = False
    empty_text = _("No articles have been edited together yet. Every change is shown first and can be undone.")

    @admin.display(description=_("what"))
    def what(self, edit: BulkEdit) -> str:
        count = edit.changed
        text = ngettext("%d row", "%d rows", count) % count
        columns = [label for label, _change in described(edit.plan, {})]
        names = columns or [change["label"] for change in edit.changes[:3]]
        return f"{text}: {', '.join(names)}{' …' if len(edit.changes) > 3 else ''}"

    @admin.display(description=_("state"))
    def status(self, edit: BulkEdit) -> SafeString | str:
        return badge(edit.get_state_display(), TONES[State(edit.state)])

    def get_urls(self) -> list[URLPattern]:
        steps: list[tuple[str, str, Callable[..., HttpResponseBase]]] = [
            ("all", "all/", self.all_view),
            ("start", "<int:edit_id>/start/", self.start_view),
            ("stop", "<int:edit_id>/stop/", self.stop_view),
            ("undo", "<int:edit_id>/undo/", self.undo_view),
            ("problems", "<int:edit_id>/problems.csv", self.problems_view),
        ]
        own = [
            path(route, self.admin_site.admin_view(view), name=f"exchange_bulkedit_{name}")
            for name, route, view in steps
        ]
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[BulkEdit]:
        edits: QuerySet[BulkEdit] = super().get_queryset(request)
        return edits.defer("chosen")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The sheet; a POST calculates, shows what would change, or does it: 302, 409 refused, 422 not valid."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        paths = category_paths()
        if request.method != "POST":
            return self._page(request, paths)
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

    def all_view(self, request: HttpRequest) -> HttpResponse:
        """What is wanted of whole columns: a plan for all that the filter finds. 302, or 409 or 422 with the page."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        paths = category_paths()
        columns = ColumnsForm(paths, request.POST)
        if not columns.is_valid():
            return self._page(request, paths, columns, 422)
        selection = selection_of(request)
        try:
            edit = services.plan_selection(
                products=list(selection.products.values_list("pk", flat=True)),
                term=selection.term,
                plan=columns.plan,
                reason=columns.cleaned_data["reason"],
                note=columns.cleaned_data["note"],
                actor=request.user,
            )
        except DomainError as refusal:
            columns.add_error(None, str(refusal))
            return self._page(request, paths, columns, refusal.status)
        return redirect("admin:exchange_bulkedit_change", edit.pk)

    def _page(
        self, request: HttpRequest, paths: dict[str, int], columns: ColumnsForm | None = None, status: int = 200
    ) -> HttpResponse:
        """A page of the articles that the filter finds, as they are."""
        selection = selection_of(request)
        page = Paginator(selection.variants, ROWS).get_page(request.GET.get("page"))
        return self._sheet(
            request,
            SheetForm(list(page.object_list), paths),
            page=page,
            columns=columns,
            selection=selection,
            status=status,
        )

    def _sheet(
        self,
        request: HttpRequest,
        form: SheetForm,
        *,
        page: Page | None = None,
        columns: ColumnsForm | None = None,
        selection: Selection | None = None,
        preview: Any = None,
        status: int = 200,
    ) -> HttpResponse:
        query = request.GET.copy()
        query.pop("page", None)
        selection = selection or selection_of(request)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Edit many articles"),
            "opts": self.opts,
            "form": form,
            "columns": columns or ColumnsForm(form.paths),
            "products": selection.products.count(),
            "articles": page.paginator.count if page else selection.variants.count(),
            "rows": list(form.rows()),
            "filters": FilterForm(request.GET or None),
            "page": page,
            "query": query.urlencode(),
            "preview": preview,
            "paths": list(form.paths),
        }
        return TemplateResponse(request, SHEET, context, status=status)


def _posted_variants(request: HttpRequest) -> Sequence[Variant]:
    """The rows that were on the page, however the filter would answer now."""
    keys = [key for key in request.POST.getlist("variant")[:ROWS] if key.isascii() and key.isdigit() and len(key) < 19]
    return list(articles().filter(pk__in=keys))
