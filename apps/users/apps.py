from datetime import timedelta

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class UsersConfig(AppConfig):
    name = "apps.users"
    label = "users"
    verbose_name = _("Users")
    default_auto_field = "django.db.models.BigAutoField"
    admin_rank = 35

    def ready(self) -> None:
        from allauth.account.decorators import secure_admin_login
        from django.contrib import admin

        from apps.core import context, placeholders, roles
        from apps.jobs import periodic
        from apps.users import receivers, tasks
        from apps.users.context import private_pages
        from apps.users.placeholders import account_link

        context.register(private_pages)
        placeholders.register("account", account_link, strangers_are_alike=True)
        receivers.connect()
        periodic.register("users.forget_old_counts", tasks.forget_old_counts, every=timedelta(hours=1))
        roles.grant(roles.ORDER_CLERK, "users", "view_user", "view_address")
        roles.grant(roles.MANAGER, "users", "view_user", "change_user", "view_address")
        # Staff sign in where everyone does: one set of limits, one form to guard.
        admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
        if apps.is_installed("apps.notifications"):
            from apps.users import notices

            notices.connect()
            # notifications stands alone and knows no roles of ours.
            roles.grant(roles.ORDER_CLERK, "notifications", "view_message")
            roles.grant(roles.MANAGER, "notifications", "view_message", "change_message")
            periodic.register("users.forget_old_messages", tasks.forget_old_messages, every=timedelta(days=1))
