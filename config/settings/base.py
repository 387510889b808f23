"""What every environment shares. Values that differ by deploy come from the environment."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from config.settings.sources import cache_config, database_config, mailer_config

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()

# --- Apps -----------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.forms",  # its widget templates, for FORM_RENDERER
    "django_htmx",
    "crispy_forms",
    "django_tasks_db",  # before jobs, which replaces its admin
    # Ours stand before the apps whose templates and translations they replace: Django takes the first.
    "apps.core.apps.CoreConfig",
    "apps.jobs.apps.JobsConfig",
    "apps.notifications.apps.NotificationsConfig",
    "apps.users.apps.UsersConfig",
    "apps.pages.apps.PagesConfig",
    "apps.catalog.apps.CatalogConfig",
    "apps.pricing.apps.PricingConfig",
    "apps.inventory.apps.InventoryConfig",
    "apps.orders.apps.OrdersConfig",
    "apps.payments.apps.PaymentsConfig",
    "apps.shipping.apps.ShippingConfig",
    "apps.exchange.apps.ExchangeConfig",
    "apps.demo.apps.DemoConfig",
    "apps.core.apps.StoaAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
]

MIDDLEWARE = [
    "apps.core.health.HealthMiddleware",
    "apps.core.proxies.TrustedProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "apps.core.policy.ContentSecurityPolicyMiddleware",
    "apps.core.static_files.StaticFilesMiddleware",
    "apps.core.compression.CompressionMiddleware",
    "apps.core.zstd_pages.ZstdMiddleware",
    "apps.core.readable.ReadableRequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "apps.core.languages.AddressLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "apps.pages.strangers.StrangersMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "apps.catalog.speculation.SpeculationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "apps.users.middleware.RefusedFormMiddleware",
    "apps.core.guests.OwnerMiddleware",
    "apps.core.fragments.FragmentMiddleware",
    "apps.core.placeholders.PlaceholderMiddleware",
    "apps.core.access.AccessMiddleware",
    "apps.pages.moved.MovedMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            # auth and messages are lazy and for the admin; the shop's own templates use placeholders instead.
            # No csp processor: a nonce must not get into pages that are cached; AdminSite.each_context has it.
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.core.context.shop",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_TEMPLATE_PACK = "stoa"
CRISPY_ALLOWED_TEMPLATE_PACKS = "stoa"

# --- The shop ---------------------------------------------------------------------------------------------

SHOP_NAME = env.str("SHOP_NAME", "Stoa")
SHOP_LEGAL_ADDRESS = env.list("SHOP_LEGAL_ADDRESS", default=[])  # line by line: legal name, street, town, country
SHOP_VAT_ID = env.str("SHOP_VAT_ID", "")
SHOP_CURRENCY = env.str("SHOP_CURRENCY", "EUR").upper()
SHOP_COUNTRY = env.str("SHOP_COUNTRY", "DE").upper()
PRICES_INCLUDE_TAX = env.bool("PRICES_INCLUDE_TAX", True)
STOCK_LOW_AT = env.int("STOCK_LOW_AT", 3)
STOCK_HOLD_SECONDS = env.int("STOCK_HOLD_SECONDS", 1800)
GUEST_LINK_DAYS = env.int("GUEST_LINK_DAYS", 60)
INVOICE_SERIES = env.str("INVOICE_SERIES", "INV")
CREDIT_NOTE_SERIES = env.str("CREDIT_NOTE_SERIES", "CN")
CANCELLATION_SERIES = env.str("CANCELLATION_SERIES", "CX")
PAYMENT_METHODS = env.list("PAYMENT_METHODS", default=[])
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", "")
STRIPE_WEBHOOK_SECRET = env.list("STRIPE_WEBHOOK_SECRET", default=[])  # two while one is being replaced
STRIPE_API_BASE = env.str("STRIPE_API_BASE", "").rstrip("/")  # empty is Stripe itself
STRIPE_CAPTURE = env.str("STRIPE_CAPTURE", "automatic")

PORT = env.int("PORT", 8000)
SITE_URL = env.str("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
SITE_IS_SECURE = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
WEB_CONCURRENCY = env.int("WEB_CONCURRENCY", 2)

# Ends the process like `kill -9` at the named point; see docs/operations.md.
STOA_CRASH_AT = env.str("STOA_CRASH_AT", "")
STOA_ALLOW_CRASH_POINTS = env.bool("STOA_ALLOW_CRASH_POINTS", False)
SITE_IS_LOOPBACK = urlsplit(SITE_URL).hostname in {"127.0.0.1", "localhost", "::1"}
if STOA_CRASH_AT and not (STOA_ALLOW_CRASH_POINTS and SITE_IS_LOOPBACK):
    raise SystemExit("STOA_CRASH_AT is refused: it needs STOA_ALLOW_CRASH_POINTS=1 and a loopback SITE_URL.")

# --- Data -------------------------------------------------------------------------------------------------

DATABASES = {"default": database_config(env.str("DATABASE_URL", f"sqlite:///{VAR_DIR / 'stoa.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": cache_config(env.str("CACHE_URL", "locmemcache://"))}

# Finished pages that each process keeps for everybody; docs/performance.md.
KEPT_PAGES_BYTES = env.int("KEPT_PAGES_MB", 8) * 1024 * 1024

MEDIA_ROOT = env.str("MEDIA_ROOT", str(VAR_DIR / "media"))
MEDIA_URL = "/media/"
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

S3_BUCKET = env.str("S3_BUCKET", "")
S3_ENDPOINT_URL = env.str("S3_ENDPOINT_URL", "")
S3_REGION = env.str("S3_REGION", "")
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_HOSTS: list[str] = []
if S3_BUCKET:
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": S3_ENDPOINT_URL or None,
            "region_name": S3_REGION or None,
            "querystring_auth": False,
            # Names carry a hash of the content, so a copy never goes stale.
            "object_parameters": {"CacheControl": "public, max-age=31536000, immutable"},
        },
    }
    MEDIA_HOSTS = [S3_ENDPOINT_URL or f"https://{S3_BUCKET}.s3.amazonaws.com"]

# --- Background work ----------------------------------------------------------------------------------------

TASKS = {"default": {"BACKEND": "apps.jobs.backend.JobsBackend", "QUEUES": []}}
JOBS_IN_WEB = env.bool("JOBS_IN_WEB", True)

# --- Mail ---------------------------------------------------------------------------------------------------

EMAIL_URL = env.str("EMAIL_URL", "")
EMAIL_REQUIRED = False
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"{SHOP_NAME} <shop@{urlsplit(SITE_URL).hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAILERS = {"default": mailer_config(EMAIL_URL, VAR_DIR / "mail")}
NOTIFICATIONS = {
    "SITE_URL": SITE_URL,
    "BRAND_NAME_FROM": "apps.core.brand.shop_name",
    "CRASH_POINT": "apps.core.crash.point",
}

# --- Accounts -----------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "users:account"
ACCOUNT_ADAPTER = "apps.users.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # only in the browser that signed up
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "catalog:home"
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_FORMS = {
    "login": "apps.users.account_forms.LoginForm",
    "signup": "apps.users.account_forms.SignupForm",
    "add_email": "apps.users.account_forms.ChangeEmailForm",
    "change_password": "apps.users.account_forms.ChangePasswordForm",
    "set_password": "apps.users.account_forms.SetPasswordForm",
    "reset_password": "apps.users.account_forms.ResetPasswordForm",
    "reset_password_from_key": "apps.users.account_forms.NewPasswordForm",
    "reauthenticate": "apps.users.account_forms.ReauthenticateForm",
    "request_login_code": "apps.users.account_forms.RequestLoginCodeForm",
    "confirm_login_code": "apps.users.account_forms.ConfirmLoginCodeForm",
}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "apps.users.tokens.ResetTokens"  # noqa: S105
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(SITE_URL).scheme
ALLAUTH_TRUSTED_PROXY_COUNT = 0  # TrustedProxyMiddleware has already put the client into REMOTE_ADDR

SESSION_ENGINE = "django.contrib.sessions.backends.db"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
GUEST_COOKIE_NAME = "stoa_guest"

# --- Security -----------------------------------------------------------------------------------------------

PAYMENT_HOSTS = [STRIPE_API_BASE or "https://checkout.stripe.com"] if STRIPE_SECRET_KEY else []
SECURE_CSP = {
    "default-src": [CSP.NONE],
    # The nonce is written into the header only where a page asks for it: in the admin.
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:", *MEDIA_HOSTS],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    # The redirect that answers a form counts too, and "Order and pay" is answered by the way to Stripe's page.
    "form-action": [CSP.SELF, *PAYMENT_HOSTS],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "apps.core.errors.csrf_failure"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
if SITE_IS_SECURE:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    GUEST_COOKIE_NAME = "__Host-stoa_guest"
    CSRF_TRUSTED_ORIGINS = [SITE_URL]
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Words and time -----------------------------------------------------------------------------------------

LANGUAGE_CODE = env.str("LANGUAGE_CODE", "en")
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "templates" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", "Europe/Berlin")  # what people read; the database keeps UTC

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "stripe": {"level": "WARNING"},
        # One line for each start and end of each job would drown the rest; failures come from stoa.jobs.
        "django.tasks": {"level": "WARNING"},
    },
}
