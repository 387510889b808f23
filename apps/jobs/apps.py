from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "apps.jobs"
    label = "jobs"
    verbose_name = _("Jobs")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.core import dashboard, health, invariants, roles, setup_notes
        from apps.jobs import periodic, selectors, tasks

        health.register("queue", selectors.queue_probe)
        invariants.register("jobs.waiting jobs name a task", selectors.jobs_without_task)
        setup_notes.register(selectors.queue_notes)
        periodic.register("jobs.prune", tasks.prune_jobs, every=timedelta(days=1))
        roles.grant(roles.MANAGER, "jobs", "view_job", "change_job")
        panel = dashboard.Panel("jobs", "jobs/panel.html", selectors.queue_panel, permission="jobs.view_job", rank=5)
        dashboard.register(panel)
        dashboard.register_banner(selectors.queue_banner)
