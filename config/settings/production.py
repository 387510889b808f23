"""A deploy. Refuses to start with a sentence that names what is missing; `collectstatic` needs nothing."""

import sys
from urllib.parse import urlsplit

from config.settings.base import *  # noqa: F403
from config.settings.base import (
    CACHES,
    SITE_URL,
    STORAGES,
    STRIPE_SECRET_KEY,
    TRUSTED_PROXY_COUNT,
    cache_config,
    env,
)

DEBUG = False
SHOW_DEV_MAIL = False
EMAIL_REQUIRED = True

_REQUIRED = (
    "SECRET_KEY",
    "PASSWORD_RESET_SIGNING_KEY",
    "API_TOKEN_SIGNING_KEY",
    "DATABASE_URL",
    "SITE_URL",
    "ALLOWED_HOSTS",
)
_building = "collectstatic" in sys.argv[1:2]
_missing = [name for name in _REQUIRED if not env.str(name, "")]
if _missing and not _building:
    raise SystemExit(f"Stoa can't start: set {', '.join(_missing)} in the environment (docs/operations.md says how).")

_site = urlsplit(SITE_URL)
if _site.scheme != "https" and _site.hostname not in {"127.0.0.1", "localhost", "::1"} and not _building:
    raise SystemExit("Stoa can't start: SITE_URL must begin with https:// unless it names a loopback host.")

SECRET_KEY = env.str("SECRET_KEY", "only-for-collectstatic")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
PASSWORD_RESET_SIGNING_KEY = env.str("PASSWORD_RESET_SIGNING_KEY", "")
PASSWORD_RESET_SIGNING_KEY_FALLBACKS = env.list("PASSWORD_RESET_SIGNING_KEY_FALLBACKS", default=[])
API_TOKEN_SIGNING_KEY = env.str("API_TOKEN_SIGNING_KEY", "")
API_TOKEN_SIGNING_KEY_FALLBACKS = env.list("API_TOKEN_SIGNING_KEY_FALLBACKS", default=[])

TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 1)
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Without its key nothing is offered, and checkout says that payment is not set up.
PAYMENT_METHODS = env.list("PAYMENT_METHODS", default=["stripe"] if STRIPE_SECRET_KEY else [])

# One cache that all processes share, so that limits on sign-in count everywhere; the others have a table.
CACHES = {"default": cache_config(env.str("CACHE_URL", "dbcache://stoa_cache"))}
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "apps.core.static_names.StaticNames"},
}
