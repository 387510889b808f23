from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = __name__.rpartition(".")[0]  # the app is also a package of its own, under another name
    label = "notifications"
    verbose_name = _("Notifications")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import conf, receivers

        conf.check_names()
        receivers.connect()
