from datetime import timedelta

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "apps.orders"
    label = "orders"
    verbose_name = _("Orders")
    default_auto_field = "django.db.models.BigAutoField"
    admin_rank = 10

    def ready(self) -> None:
        from apps.catalog.extensions import register_holders
        from apps.core import placeholders, roles
        from apps.jobs import periodic
        from apps.orders import fillers, history, invariants, panels, receivers, tasks
        from apps.orders.holds import numbers_of_orders_holding
        from apps.pricing.extensions import register_history

        placeholders.register("cart-count", fillers.cart_count, strangers_are_alike=True)
        invariants.register_invariants()
        register_history(history.past_baskets)
        register_holders(numbers_of_orders_holding)
        periodic.register("orders.sweep", tasks.sweep_expired, every=timedelta(minutes=1))
        periodic.register("orders.companions", tasks.find_companions, every=timedelta(days=1))
        receivers.connect()
        panels.register()
        for role in (roles.ORDER_CLERK, roles.MANAGER):
            roles.grant(role, "orders", "view_order", "change_order", "fulfil_order", "cancel_order")
        if apps.is_installed("apps.notifications"):
            from apps.orders import notices

            notices.connect()
