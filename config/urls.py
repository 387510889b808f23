"""Where each app hangs. Views of other packages say here who may enter (apps.core.access)."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

THIRD_PARTY_ACCESS = {
    "admin": "staff",
    "djdt": "public",
    "account_login": "public",
    "account_logout": "public",
    "account_signup": "public",
    "account_inactive": "public",
    "account_reauthenticate": "signed-in",
    "account_email": "signed-in",
    "account_email_verification_sent": "public",
    "account_confirm_email": "public",
    "account_change_password": "signed-in",
    "account_set_password": "signed-in",
    "account_reset_password": "public",
    "account_reset_password_done": "public",
    "account_reset_password_from_key": "public",
    "account_reset_password_from_key_done": "public",
    "account_request_login_code": "public",
    "account_confirm_login_code": "public",
}

handler400 = "apps.pages.views.bad_request"
handler429 = "apps.pages.views.too_many_requests"  # allauth's limits ask for it by this name

# First of all, because most visits are to their pages: what stands before an address is tried before it.
urlpatterns: list[URLPattern | URLResolver] = i18n_patterns(
    path("", include("apps.catalog.urls")), path("", include("apps.orders.urls")), prefix_default_language=False
)
urlpatterns += [
    path("payments/", include("apps.payments.urls")),
    path("", include("apps.core.urls")),
    path("robots.txt", include("apps.pages.robots_urls")),
    path("", include("apps.catalog.feed_urls")),
    path("speculation-rules.json", include("apps.catalog.speculation_urls")),
]
urlpatterns += i18n_patterns(
    path("admin/exports/", include("apps.exchange.urls")),
    path("admin/", admin.site.urls),
    path("account/", include("apps.users.urls")),
    path("account/", include("allauth.account.urls")),
    path("pages/", include("apps.pages.urls")),
    path("orders/", include("apps.payments.document_urls")),
    path("stock-alerts/", include("apps.inventory.urls")),
    prefix_default_language=False,
)

if getattr(settings, "DEBUG_TOOLBAR", False):
    from debug_toolbar.toolbar import debug_toolbar_urls

    urlpatterns = [*debug_toolbar_urls(), *urlpatterns]

if settings.SHOW_DEV_MAIL:
    urlpatterns = [path("dev/mail/", include("apps.notifications.dev_urls")), *urlpatterns]
