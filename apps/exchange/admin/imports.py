"""The wizard: upload, look at what would happen, start, watch, and take back if it must be."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from apps.core.badges import badge
from apps.core.errors import DomainError
from apps.core.fragments import HTMX_HEADERS, wants_fragment
from apps.core.kept_rows import KeptRowsAdmin
from apps.exchange import services
from apps.exchange.exporting.downloads import download
from apps.exchange.models import Import, ImportRow
from apps.exchange.selectors import import_problems, import_rows

State = Import.State
TONES = {
    State.CHECKING: "info",
    State.CHECKED: "warn",
    State.RUNNING: "info",
    State.DONE: "ok",
    State.UNDOING: "info",
    State.UNDONE: "muted",
    State.FAILED: "danger",
}
FORMATS = {"shopify": "Shopify", "woocommerce": "WooCommerce", "own": _("This shop’s own file")}
PAGE = "exchange/admin/import_page.html"
UPLOAD = "exchange/admin/upload.html"
FRAGMENT = "import"
NO_CONTENT = 204


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Product file"), help_text=_("CSV or XLSX, up to 50 MiB, from Shopify, WooCommerce or this shop.")
    )
    format_name = forms.ChoiceField(
        label=_("Format"), choices=[("auto", _("Find out by the header")), *FORMATS.items()]
    )


@admin.register(Import)
class ImportAdmin(KeptRowsAdmin):
    list_display = ("name", "status", "system", "rows", "actor", "created_at")
    list_select_related = ("actor",)
    ordering = ("-pk",)
    view_on_site = False
    empty_text = _("Nothing has been imported yet. A file is only tried at first; nothing changes until you say so.")

    @admin.display(description=_("format"))
    def system(self, job: Import) -> str:
        return str(FORMATS.get(job.format, job.format))

    @admin.display(description=_("state"))
    def status(self, job: Import) -> str:
        return badge(job.get_state_display(), TONES[State(job.state)])

    @admin.display(description=_("rows"))
    def rows(self, job: Import) -> str:
        return "–" if job.total is None else str(job.total)

    def get_urls(self) -> list[URLPattern]:
        steps: dict[str, Callable[..., HttpResponseBase]] = {
            "start": self.start_view,
            "undo": self.undo_view,
            "problems.csv": self.problems_view,
        }
        return [
            *(
                path(
                    f"<int:job_id>/{name}{'' if '.' in name else '/'}",
                    self.admin_site.admin_view(view),
                    name=f"exchange_import_{name.partition('.')[0]}",
                )
                for name, view in steps.items()
            ),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._upload(request, UploadForm())
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._upload(request, form, 422)
        try:
            job = services.receive_file(
                file=form.cleaned_data["file"], format_name=form.cleaned_data["format_name"], actor=request.user
            )
        except DomainError as refusal:
            form.add_error("file", str(refusal))
            return self._upload(request, form, 422)
        return redirect("admin:exchange_import_change", job.pk)

    def _upload(self, request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import products"),
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, UPLOAD, context, status=status)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The import as it is now; a poll with `seen` gets nothing as long as nothing has changed."""
        job = self.get_object(request, object_id)
        if job is None:
            raise Http404
        if not self.has_view_or_change_permission(request, job):
            raise PermissionDenied
        if request.method != "GET" and request.method != "HEAD":
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if wants_fragment(request) and request.GET.get("seen") == str(job.version):
            return HttpResponse(status=NO_CONTENT)
        return self._page(request, job)

    def _page(self, request: HttpRequest, job: Import) -> HttpResponse:
        show = request.GET.get("show", "")
        outcomes = [(value, label, job.count("outcomes", value)) for value, label in ImportRow.Outcome.choices]
        context = {
            **self.admin_site.each_context(request),
            "title": job.name,
            "opts": self.opts,
            "job": job,
            "badge": self.status(job),
            "system": self.system(job),
            "outcomes": outcomes,
            "show": show,
            "page": None if job.is_working else import_rows(job, show=show, page=request.GET.get("page")),
            "kept": job.rows.exclude(kept="").order_by("number")[:200] if job.state == State.UNDONE else [],
            "problems": job.count("outcomes", "failed") + job.count("outcomes", "skipped"),
            "can_change": self.has_change_permission(request, job),
            "can_undo": job.has_run and job.can_move(State.UNDOING),
        }
        is_fragment = wants_fragment(request) and request.htmx.target == FRAGMENT
        template = f"{PAGE}#import" if is_fragment else PAGE
        return TemplateResponse(request, template, context, headers={"Vary": ", ".join(HTMX_HEADERS)})

    def start_view(self, request: HttpRequest, job_id: int) -> HttpResponse:
        return self._step(request, job_id, services.start_import)

    def undo_view(self, request: HttpRequest, job_id: int) -> HttpResponse:
        return self._step(request, job_id, services.start_undo, actor=request.user)

    def _step(self, request: HttpRequest, job_id: int, step: Callable[..., None], **more: Any) -> HttpResponse:
        job = self._job(request, job_id, "exchange.change_import")
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            step(job=job, **more)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return redirect("admin:exchange_import_change", job.pk)

    def problems_view(self, request: HttpRequest, job_id: int) -> HttpResponseBase:
        job = self._job(request, job_id, "exchange.view_import")
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return download(import_problems(job), f"import-{job.pk}-problems")

    def _job(self, request: HttpRequest, job_id: int, permission: str) -> Import:
        if not request.user.has_perm(permission):
            raise PermissionDenied
        job: Import | None = self.get_object(request, str(job_id))
        if job is None:
            raise Http404
        return job
