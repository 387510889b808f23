from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "apps.exchange"
    label = "exchange"
    verbose_name = _("Import and export")
    default_auto_field = "django.db.models.BigAutoField"
    admin_rank = 26

    def ready(self) -> None:
        from apps.catalog.extensions import register_product_action
        from apps.core import roles
        from apps.exchange import tasks
        from apps.exchange.listed import edit_chosen
        from apps.jobs import periodic

        for role in (roles.CATALOGUE_EDITOR, roles.MANAGER):
            roles.grant(role, "exchange", "view_import", "add_import", "change_import")
            roles.grant(role, "exchange", "view_bulkedit", "add_bulkedit", "change_bulkedit")
        periodic.register("exchange.forget_plans", tasks.forget_plans, every=timedelta(days=1))
        register_product_action(edit_chosen, permission="exchange.add_bulkedit")
