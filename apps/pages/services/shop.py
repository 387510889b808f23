import secrets

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from apps.pages.logo import Logo
from apps.pages.models import Shop
from apps.pages.services.journal import pages_changed
from apps.pages.shop import forget


def save_shop(*, shop: Shop, logo: Logo | None = None, drop_logo: bool = False) -> Shop:
    """Save the shop's only row; every page, mail and invoice from now on shows it.

    `logo` replaces the logo, `drop_logo` takes it away. The caller saves the links of its menus in the same
    transaction.
    """
    if logo:
        if not default_storage.exists(logo.name):
            default_storage.save(logo.name, ContentFile(logo.content))
        shop.logo, shop.logo_width, shop.logo_height = logo.name, logo.width, logo.height
    elif drop_logo:
        shop.logo, shop.logo_width, shop.logo_height = "", 0, 0
    shop.pk, shop.stamp = 1, secrets.token_hex(16)
    with transaction.atomic():
        exists = Shop.objects.select_for_update().filter(pk=1).exists()
        shop.save(force_update=exists, force_insert=not exists)
        pages_changed("shop")
        transaction.on_commit(forget)
    return shop
