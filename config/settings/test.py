"""The test suite: fast hashing, mail in memory, fixed keys."""

from pathlib import Path
from tempfile import gettempdir

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
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

# Two runs at the same time must not meet: files and databases carry the number of the run.
_RUN = env.str("STOA_TEST_RUN", "0")
MEDIA_ROOT = str(Path(gettempdir()) / f"stoa-test-{_RUN}" / "media")
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads and processes of a race must see one database.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(gettempdir()) / f"stoa-test-{_RUN}" / "stoa.sqlite3")}
    (Path(gettempdir()) / f"stoa-test-{_RUN}").mkdir(parents=True, exist_ok=True)
else:
    DATABASES["default"]["TEST"] = {"NAME": f"test_stoa_{_RUN}"}
    DATABASES["default"]["CONN_MAX_AGE"] = 0
