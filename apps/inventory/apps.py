from datetime import timedelta

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class InventoryConfig(AppConfig):
    name = "apps.inventory"
    label = "inventory"
    verbose_name = _("Stock desk")
    default_auto_field = "django.db.models.BigAutoField"
    admin_rank = 25

    def ready(self) -> None:
        from apps.core import roles
        from apps.inventory import panels, receivers, tasks
        from apps.jobs import periodic

        for role in (roles.CATALOGUE_EDITOR, roles.MANAGER):
            roles.grant(role, "inventory", "view_stockcount", "add_stockcount", "change_stockcount")
            roles.grant(role, "inventory", "view_stockalert")
        # Who packs can count as well; closing a count changes the stock, which is another permission.
        roles.grant(roles.ORDER_CLERK, "inventory", "view_stockcount", "change_stockcount")
        receivers.connect()
        panels.register()
        periodic.register("inventory.forget_old_alerts", tasks.forget_old_alerts, every=timedelta(days=1))
        periodic.register("inventory.low_stock", tasks.note_low_stock, every=timedelta(days=1))
        if apps.is_installed("apps.notifications"):
            from apps.inventory import notices

            notices.connect()
