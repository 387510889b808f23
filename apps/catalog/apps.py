from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "apps.catalog"
    label = "catalog"
    verbose_name = _("Catalog")
    default_auto_field = "django.db.models.BigAutoField"
    admin_rank = 20

    def ready(self) -> None:
        from apps.catalog import audits, notes, panels
        from apps.catalog.selectors.categories import navigation
        from apps.catalog.services.finishing import finish_bodies
        from apps.core import context, invariants, roles, setup_notes
        from apps.jobs import periodic

        context.register(navigation)
        setup_notes.register(notes.featured_notes)
        for name, check in audits.CHECKS.items():
            invariants.register(f"catalog.{name}", check)
        panels.register()
        periodic.register("catalog.bodies", finish_bodies, every=timedelta(minutes=1))
        for role in (roles.CATALOGUE_EDITOR, roles.MANAGER):
            roles.grant_all(role, "catalog", "product", "option", "optionvalue", "variant", "productimage", "category")
            roles.grant_all(role, "catalog", "synonym")
            roles.grant(role, "catalog", "view_searchmiss", "delete_searchmiss")
            roles.grant(role, "catalog", "view_stock", "change_stock", "view_stockmovement", "view_pricechange")

    def load_ahead(self) -> None:
        """What `config.web` does before it forks: the form of pages goes by the files that are loaded now, and a deploy
        may put others in their place later."""
        from apps.catalog.bodies import body_version

        body_version()
