"""The test suite: fast hashing, mail in memory, fixed keys."""

from config.settings.base import *  # noqa: F403
from config.settings.base import DATABASES, env

DEBUG = False
SECRET_KEY = "a test key that is long enough to sign things with, and no secret"
SECRET_KEY_FALLBACKS: list[str] = []
PASSWORD_RESET_SIGNING_KEY = "another test key, used for reset links only, and no secret"
PASSWORD_RESET_SIGNING_KEY_FALLBACKS: list[str] = []
API_TOKEN_SIGNING_KEY = "a third test key, used for nothing yet, and no secret either"
API_TOKEN_SIGNING_KEY_FALLBACKS: list[str] = []

SITE_URL = "http://testserver"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PAYMENT_METHODS = ["sandbox"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
SHOW_DEV_MAIL = False
JOBS_IN_WEB = False
MEDIA_ROOT = env.str("MEDIA_ROOT", "/tmp/stoa-test-media")
WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads and processes of a race must see one database.
    DATABASES["default"]["TEST"] = {"NAME": str(BASE_DIR / "var" / "test.sqlite3")}  # noqa: F405
