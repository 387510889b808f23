"""The developer's machine: nothing to set, secrets and data live under var/."""

import json
import secrets

from config.settings.base import *  # noqa: F403
from config.settings.base import INSTALLED_APPS, MIDDLEWARE, VAR_DIR, env


def _kept_secret(name: str) -> str:
    """A random key that is made once and kept, so that a restart signs nobody out."""
    path = VAR_DIR / "secrets.json"
    VAR_DIR.mkdir(exist_ok=True)
    kept = json.loads(path.read_text()) if path.exists() else {}
    if name not in kept:
        kept[name] = secrets.token_urlsafe(48)
        path.write_text(json.dumps(kept, indent=2))
        path.chmod(0o600)
    return kept[name]


DEBUG = True
WHITENOISE_USE_FINDERS = True
SECRET_KEY = env.str("SECRET_KEY", "") or _kept_secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
PASSWORD_RESET_SIGNING_KEY = env.str("PASSWORD_RESET_SIGNING_KEY", "") or _kept_secret("PASSWORD_RESET_SIGNING_KEY")
PASSWORD_RESET_SIGNING_KEY_FALLBACKS = env.list("PASSWORD_RESET_SIGNING_KEY_FALLBACKS", default=[])
API_TOKEN_SIGNING_KEY = env.str("API_TOKEN_SIGNING_KEY", "") or _kept_secret("API_TOKEN_SIGNING_KEY")
API_TOKEN_SIGNING_KEY_FALLBACKS = env.list("API_TOKEN_SIGNING_KEY_FALLBACKS", default=[])

PAYMENT_METHODS = env.list("PAYMENT_METHODS", default=["sandbox"])
SHOW_DEV_MAIL = True

DEBUG_TOOLBAR = env.bool("DEBUG_TOOLBAR", False)
if DEBUG_TOOLBAR:
    INSTALLED_APPS = [*INSTALLED_APPS, "debug_toolbar"]
    MIDDLEWARE = [*MIDDLEWARE]
    MIDDLEWARE.insert(
        MIDDLEWARE.index("apps.core.zstd_pages.ZstdMiddleware") + 1,
        "debug_toolbar.middleware.DebugToolbarMiddleware",
    )
    INTERNAL_IPS = ["127.0.0.1", "::1"]
    DEBUG_TOOLBAR_CONFIG = {"ROOT_TAG_EXTRA_ATTRS": "hx-preserve"}
