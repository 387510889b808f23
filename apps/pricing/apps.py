from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PricingConfig(AppConfig):
    name = "apps.pricing"
    label = "pricing"
    verbose_name = _("Pricing")
    default_auto_field = "django.db.models.BigAutoField"
    admin_rank = 45

    def ready(self) -> None:
        from apps.core import roles
        from apps.pricing import invariants

        invariants.register_invariants()
        roles.grant_all(roles.MANAGER, "pricing", "taxrate", "discount")
