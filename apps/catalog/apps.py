from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "apps.catalog"
    label = "catalog"
    verbose_name = _("Catalog")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.catalog import audits
        from apps.catalog.selectors.categories import navigation
        from apps.core import context, invariants

        context.register(navigation)
        for name, check in audits.CHECKS.items():
            invariants.register(f"catalog.{name}", check)
