"""The options of this app, all in one setting:

NOTIFICATIONS = {"SITE_URL": "https://shop.example", "BRAND_NAME": "Stoa"}
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

DEFAULTS: dict[str, Any] = {
    "SITE_URL": "http://localhost",  # links in mails, and the host in Message-ID
    "BRAND_NAME": "",  # who speaks: heads each mail
    "BRAND_NAME_FROM": "",  # dotted path of a callable that says it afresh for each mail, in place of BRAND_NAME
    "FROM_EMAIL": "",  # empty: DEFAULT_FROM_EMAIL
    "MAILER": "default",  # alias in MAILERS
    "MAX_ATTEMPTS": 10,  # if the task backend knows retries; with BACKOFF these reach over two hours
    "BACKOFF": 15,  # seconds
    "LEASE": 120,  # seconds
    "CRASH_POINT": "",  # dotted path of a callable that gets the name of each crash point; for tests
}


def option(name: str) -> Any:
    """The value in force. Read at each use, so that a test's override counts."""
    return {**DEFAULTS, **getattr(settings, "NOTIFICATIONS", {})}[name]


def brand_name() -> str:
    path = option("BRAND_NAME_FROM")
    return str(import_string(path)() if path else option("BRAND_NAME"))


def check_names() -> None:
    """Raise ImproperlyConfigured for an option that does not exist: a typing mistake must not be ignored."""
    unknown = sorted(set(getattr(settings, "NOTIFICATIONS", {})) - set(DEFAULTS))
    if unknown:
        raise ImproperlyConfigured(f"NOTIFICATIONS has no option {', '.join(unknown)}.")


def crash_point(name: str) -> None:
    path = option("CRASH_POINT")
    if path:
        point: Callable[[str], None] = import_string(path)
        point(name)
