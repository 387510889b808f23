from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    name = "apps.demo"
    label = "demo"
    verbose_name = _("Demo")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.core import seeders

        seeders.register("catalogue", "apps.demo.seeding.catalogue.seed_catalogue", rank=20)
        seeders.register("discounts", "apps.demo.seeding.discounts.seed_discounts", rank=25)
        seeders.register("people", "apps.demo.seeding.people.seed_people", rank=30)
        seeders.register("orders", "apps.demo.seeding.orders.seed_orders", rank=40)
