from django.conf import settings
from django.urls import reverse

from apps.core import brand


def site_link(name: str, **kwargs: str) -> str:
    """A link for a mail, from SITE_URL: a forged Host header must not lead a reset link astray."""
    return f"{settings.SITE_URL}{reverse(name, kwargs=kwargs)}"


def mail_context() -> dict[str, str]:
    """What any mail about an account may name, with links in the active language."""
    return {
        "shop_name": brand.shop_name(),
        "site_url": settings.SITE_URL,
        "account_url": site_link("users:account"),
        "reset_url": site_link("account_reset_password"),
        "contact_url": site_link("pages:page", slug="imprint"),
    }
