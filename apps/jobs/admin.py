import json
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.db.models import QuerySet
from django.db.models.functions import Right
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import timesince
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_tasks_db.models import DBTaskResult

from apps.jobs import services
from apps.jobs.models import Job

# Staff see the queue once, under our own names and with our own buttons.
admin.site.unregister(DBTaskResult)

_EVERYWHERE = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]
_TONES = {"READY": "info", "RUNNING": "info", "FAILED": "danger", "SUCCESSFUL": "ok"}


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return Job.Status.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        return queryset.filter(status=self.value()) if self.value() else queryset


@admin.register(Job)
class JobAdmin(admin.ModelAdmin):
    """Read the queue; let a job run again or discard it. Jobs are asked for by code, never typed in."""

    list_display = ("name", "state", "age", "tries", "error")
    list_filter = (StateFilter,)
    search_fields = ("task_path",)
    search_help_text = _("Part of the task's name")
    ordering = ("-enqueued_at",)
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = ("try_again", "discard")
    change_form_template = "jobs/job_change_form.html"
    fields = (
        "name",
        "state",
        "tries",
        "error",
        "arguments",
        "enqueued_at",
        "due",
        "started_at",
        "finished_at",
        "report",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        jobs: QuerySet[Job] = super().get_queryset(request).annotate(error_end=Right("traceback", 300))
        if request.resolver_match and request.resolver_match.url_name == "jobs_job_changelist":
            return jobs.defer("traceback", "args_kwargs", "return_value")
        return jobs

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Our buttons stand where "save" would; the menu of actions would say the same a second time."""
        return super().render_change_form(request, {**context, "action_form": None}, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False

    @admin.display(description=_("task"), ordering="task_path")
    def name(self, job: Job) -> str:
        return format_html('<span title="{}">{}</span>', job.task_path, str(job).replace("_", " "))

    @admin.display(description=_("state"), ordering="status")
    def state(self, job: Job) -> str:
        label = Job.Status(job.status).label
        return format_html('<span class="badge badge--{}">{}</span>', _TONES[job.status], label)

    @admin.display(description=_("age"), ordering="-enqueued_at")
    def age(self, job: Job) -> str:
        return str(timesince(job.enqueued_at))

    @admin.display(description=_("due at"))
    def due(self, job: Job) -> datetime:
        return job.due_at

    @admin.display(description=_("attempts"))
    def tries(self, job: Job) -> int:
        return job.attempts

    @admin.display(description=_("last error"))
    def error(self, job: Job) -> str:
        return str(job.error_end).strip().rpartition("\n")[2]

    @admin.display(description=_("arguments"))
    def arguments(self, job: Job) -> str:
        return format_html("<pre>{}</pre>", json.dumps(job.args_kwargs, indent=2, ensure_ascii=False))

    @admin.display(description=_("traceback"))
    def report(self, job: Job) -> str:
        return format_html("<pre>{}</pre>", job.traceback) if job.traceback else self.get_empty_value_display()

    @admin.action(description=_("Try again"), permissions=["change"], location=_EVERYWHERE)
    def try_again(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        done = self._each(request, queryset, services.try_again)
        if done:
            text = ngettext("%d job will run now.", "%d jobs will run now.", done) % done
            self.message_user(request, text, messages.SUCCESS)

    @admin.action(description=_("Discard"), permissions=["change"], location=_EVERYWHERE)
    def discard(self, request: HttpRequest, queryset: QuerySet[Job]) -> HttpResponse | None:
        done = self._each(request, queryset, services.discard)
        if not done:
            return None
        text = ngettext("%d job is discarded.", "%d jobs are discarded.", done) % done
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:jobs_job_changelist"))

    def _each(self, request: HttpRequest, queryset: QuerySet[Job], service: Any) -> int:
        """How many jobs the service changed; the others are told of, once."""
        done = refused = 0
        for pk in queryset.values_list("pk", flat=True):
            try:
                service(job_id=pk)
                done += 1
            except services.NotWaiting:
                refused += 1
        if refused:
            self.message_user(request, services.NotWaiting.message, messages.WARNING)
        return done
