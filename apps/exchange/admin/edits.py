"""The page of one bulk edit: what it would change, how far it is, what it did, and the way back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.catalog.models import StockMovement
from apps.core.errors import DomainError
from apps.core.fragments import HTMX_HEADERS, wants_fragment
from apps.exchange import services
from apps.exchange.column_forms import described
from apps.exchange.exporting.downloads import download
from apps.exchange.models import BulkEdit, EditRow
from apps.exchange.selectors import PROBLEMS, category_paths, edit_problems, edit_rows, shown_changes

PAGE = "exchange/admin/edit_page.html"
FRAGMENT = "edit"
NO_CONTENT = 204
State, Outcome = BulkEdit.State, EditRow.Outcome
# What a page shows of the rows unless it is asked for others.
FIRST = {
    State.CHECKED: Outcome.PLANNED,
    State.STOPPED: Outcome.CHANGED,
    State.DONE: Outcome.CHANGED,
    State.UNDONE: Outcome.UNDONE,
}


class EditPages:
    """For the admin of bulk edits."""

    admin_site: Any
    opts: Any
    get_object: Callable[..., BulkEdit | None]
    has_view_or_change_permission: Callable[..., bool]
    has_change_permission: Callable[..., bool]
    has_add_permission: Callable[..., bool]
    status: Callable[..., Any]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The edit as it is now; a poll with `seen` gets nothing as long as nothing has changed."""
        edit = self.get_object(request, object_id)
        if edit is None:
            raise Http404
        if not self.has_view_or_change_permission(request, edit):
            raise PermissionDenied
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if wants_fragment(request) and request.GET.get("seen") == str(edit.version):
            return HttpResponse(status=NO_CONTENT)
        is_fragment = wants_fragment(request) and request.htmx.target == FRAGMENT  # type: ignore[attr-defined]
        context = self._context(request, edit) | (self._wide(request, edit) if edit.plan else {})
        template = f"{PAGE}#edit" if is_fragment else PAGE
        return TemplateResponse(request, template, context, headers={"Vary": ", ".join(HTMX_HEADERS)})

    def _context(self, request: HttpRequest, edit: BulkEdit) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": format_html("{} {}", _("Bulk edit"), edit),
            "opts": self.opts,
            "edit": edit,
            "badge": self.status(edit),
            "changes": shown_changes(edit.changes),
            "reason": dict(StockMovement.Reason.choices).get(edit.reason, ""),
            "can_start": edit.can_start and self.has_add_permission(request),
            "can_stop": edit.can_stop and self.has_add_permission(request),
            "can_undo": edit.can_undo and self.has_change_permission(request, edit),
        }

    def _wide(self, request: HttpRequest, edit: BulkEdit) -> dict[str, Any]:
        """What is to be shown of an edit of a whole selection."""
        asked = request.GET.get("show", "")
        show = asked if asked in Outcome.values else str(FIRST.get(State(edit.state), ""))
        counts = [(value, label, edit.count("rows", value)) for value, label in Outcome.choices]
        words = described(edit.plan, {pk: path for path, pk in category_paths().items()})
        return {
            "plan": [(*entry, edit.count("fields", name)) for name, entry in zip(edit.plan, words, strict=True)],
            "outcomes": [(value, label, number) for value, label, number in counts if number or value == show],
            "left_out": edit.count("rows", Outcome.REFUSED) + edit.count("rows", Outcome.SKIPPED),
            "problems": any(edit.count("rows", outcome) for outcome in PROBLEMS),
            "show": show,
            "page": None if edit.is_working else edit_rows(edit, show=show, page=request.GET.get("page")),
        }

    def start_view(self, request: HttpRequest, edit_id: int) -> HttpResponse:
        return self._take_step(request, edit_id, "exchange.add_bulkedit", services.start_edit)

    def stop_view(self, request: HttpRequest, edit_id: int) -> HttpResponse:
        return self._take_step(request, edit_id, "exchange.add_bulkedit", services.stop_edit)

    def undo_view(self, request: HttpRequest, edit_id: int) -> HttpResponse:
        return self._take_step(request, edit_id, "exchange.change_bulkedit", services.undo_edit, actor=request.user)

    def problems_view(self, request: HttpRequest, edit_id: int) -> HttpResponseBase:
        if not request.user.has_perm("exchange.view_bulkedit"):
            raise PermissionDenied
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return download(edit_problems(self._edit(request, edit_id)), f"edit-{edit_id}-problems")

    def _take_step(
        self, request: HttpRequest, edit_id: int, permission: str, step: Callable[..., None], **more: Any
    ) -> HttpResponse:
        if not request.user.has_perm(permission):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        edit = self._edit(request, edit_id)
        try:
            step(edit=edit, **more)
            if edit.state == State.UNDONE:
                messages.success(request, gettext("Everything is as it was before."))
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return redirect("admin:exchange_bulkedit_change", edit_id)

    def _edit(self, request: HttpRequest, edit_id: int) -> BulkEdit:
        if (edit := self.get_object(request, str(edit_id))) is None:
            raise Http404
        return edit
