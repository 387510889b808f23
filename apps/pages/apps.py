from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "apps.pages"
    label = "pages"
    verbose_name = _("Pages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.core import brand, context, roles, setup_notes
        from apps.pages import setup, shop

        brand.register(lambda: shop.recent().name)
        context.register(shop.page_context)
        setup_notes.register(setup.text_notes)
        setup_notes.register(setup.start_page_notes)
        roles.grant_all(roles.MANAGER, "pages", "shop", "menulink", "textpage")
