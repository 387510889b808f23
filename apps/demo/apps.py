from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    name = "apps.demo"
    label = "demo"
    verbose_name = _("Demo")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.core import seeders
        from apps.demo.seeding import catalogue, discounts, orders, people

        seeders.register("catalogue", catalogue.seed_catalogue, rank=20)
        seeders.register("discounts", discounts.seed_discounts, rank=25)
        seeders.register("people", people.seed_people, rank=30)
        seeders.register("orders", orders.seed_orders, rank=40)
