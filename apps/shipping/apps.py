from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ShippingConfig(AppConfig):
    name = "apps.shipping"
    label = "shipping"
    verbose_name = _("Shipping")
    default_auto_field = "django.db.models.BigAutoField"
    admin_rank = 40

    def ready(self) -> None:
        from django.db.models.signals import post_delete, post_save

        from apps.core import invariants, placeholders, roles, seeders, setup_notes
        from apps.orders.extensions import register_shipping_rates
        from apps.shipping import arrival, notes
        from apps.shipping.invariants import shipments_that_differ
        from apps.shipping.rates import TableRates

        register_shipping_rates(TableRates())
        placeholders.register("arrival", arrival.arrival)
        for signal in (post_save, post_delete):
            for model in ("shippingmethod", "shippingzone"):
                signal.connect(arrival.forget, sender=self.get_model(model), dispatch_uid=f"shipping.forget.{model}")
        seeders.register("shipping", "apps.shipping.seed.seed_shipping", rank=10)
        setup_notes.register(notes.delivery_notes)
        invariants.register("shipping.shipment_matches_order", shipments_that_differ)
        roles.grant(roles.ORDER_CLERK, "shipping", "view_shipment")
        roles.grant(roles.MANAGER, "shipping", "view_shipment")
        roles.grant_all(roles.MANAGER, "shipping", "shippingzone", "shippingmethod", "shippingrate")
