"""System checks: what would go wrong in production is said at start-up."""

from typing import Any
from urllib.parse import urlsplit

from babel.numbers import list_currencies
from django.apps import apps
from django.conf import settings
from django.core import checks

from apps.core.ownership import OwnedManager


def check_sqlite(**kwargs: Any) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    for alias, config in settings.DATABASES.items():
        if not config["ENGINE"].endswith("sqlite3"):
            continue
        options = config.get("OPTIONS", {})
        if (
            options.get("transaction_mode") != "IMMEDIATE"
            or options.get("timeout", 0) < 10
            or "journal_mode=WAL" not in options.get("init_command", "")
        ):
            found.append(
                checks.Error(
                    f"SQLite database {alias!r} needs WAL, transaction_mode=IMMEDIATE and a timeout of 10 s or more.",
                    hint="Without them parallel buyers get errors. Build the entry with database_config().",
                    id="core.E001",
                )
            )
        if config.get("ATOMIC_REQUESTS"):
            found.append(checks.Error("ATOMIC_REQUESTS must be off: services own transactions.", id="core.E002"))
    return found


def check_shop(**kwargs: Any) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    if settings.SHOP_CURRENCY not in list_currencies():
        found.append(checks.Error(f"SHOP_CURRENCY {settings.SHOP_CURRENCY!r} is no ISO 4217 code.", id="core.E003"))
    if len(settings.SHOP_COUNTRY) != 2 or not settings.SHOP_COUNTRY.isalpha():
        found.append(checks.Error("SHOP_COUNTRY must be an ISO 3166 code of two letters.", id="core.E004"))
    if not urlsplit(settings.SITE_URL).hostname:
        found.append(checks.Error("SITE_URL must be a whole address such as https://shop.example.", id="core.E005"))
    if settings.STOCK_HOLD_SECONDS < 1 or settings.GUEST_LINK_DAYS < 1:
        found.append(checks.Error("STOCK_HOLD_SECONDS and GUEST_LINK_DAYS must be 1 or more.", id="core.E006"))
    return found


def check_mail(**kwargs: Any) -> list[checks.CheckMessage]:
    if settings.EMAIL_URL or not settings.EMAIL_REQUIRED:
        return []
    return [checks.Error("EMAIL_URL is missing: customers would get no mail.", id="core.E007")]


def check_keys_differ(**kwargs: Any) -> list[checks.CheckMessage]:
    keys = [settings.SECRET_KEY, settings.PASSWORD_RESET_SIGNING_KEY, settings.API_TOKEN_SIGNING_KEY]
    if len(set(keys)) == len(keys):
        return []
    return [checks.Warning("SECRET_KEY and the two signing keys must differ.", id="core.W001")]


def check_owned_models(**kwargs: Any) -> list[checks.CheckMessage]:
    """Django's default manager of an owned model must be the unscoped one: relations, admin and deletes use it."""
    return [
        checks.Error(
            f"{model._meta.label}: declare `unscoped` before `objects`, so that it is the default manager.",
            id="core.E008",
        )
        for model in apps.get_models()
        if isinstance(model._default_manager, OwnedManager)
    ]


def register_checks() -> None:
    checks.register(check_sqlite, checks.Tags.database)
    checks.register(check_shop)
    checks.register(check_mail)
    checks.register(check_owned_models, checks.Tags.models)
    checks.register(check_keys_differ, checks.Tags.security, deploy=True)
