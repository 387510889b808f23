from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "apps.core"
    label = "core"
    verbose_name = _("Core")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.core import checks, placeholders, roles, toasts
        from apps.core.cache_table import create_cache_table

        checks.register_checks()
        placeholders.register("csrf", placeholders.csrf_field)
        placeholders.register("messages", toasts.toasts, strangers_are_alike=True)
        # Not our own: the signal is sent for apps with models only.
        post_migrate.connect(create_cache_table, sender=apps.get_app_config("sessions"))
        post_migrate.connect(roles.make_groups)


class StoaAdminConfig(AdminConfig):
    """The stock admin with our site class, which hands the CSP nonce to its templates."""

    default_site = "apps.core.admin_site.StoaAdminSite"
