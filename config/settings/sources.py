"""Turn the URL-shaped variables of the environment into Django's dictionaries."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

# WAL lets readers go on beside one writer; IMMEDIATE takes the write lock at BEGIN, so a transaction that reads
# first and writes later can't fail half-way with "database is locked". apps.core.checks insists on both.
# Every thread has a connection of its own, so each keeps few pages; the kernel keeps the file for all of them. A mapped
# file would count once for each connection in the memory of the process, and was not faster. Nor are more pages, or
# more than 32 prepared statements, of which a list or a search takes 50 to 350 kB (docs/performance.md).
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "cached_statements": 32,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
        "PRAGMA cache_size=-256; PRAGMA mmap_size=0;"
    ),
}


def database_config(url: str) -> dict[str, Any]:
    """Django's settings for a `sqlite:///…` or `postgresql://…` URL, with safe connection handling."""
    config = environ.Env.db_url_config(url)
    if config["ENGINE"].endswith("sqlite3"):
        config.setdefault("OPTIONS", {}).update(SQLITE_OPTIONS)
        config["CONN_MAX_AGE"] = None  # else each request pays the pragmas
        Path(config["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    elif config["ENGINE"].endswith("postgresql"):
        config["ENGINE"] = "apps.core.databases.postgresql"
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
    else:
        raise ImproperlyConfigured("DATABASE_URL must start with sqlite:/// or postgresql://.")
    return config


def cache_config(url: str) -> dict[str, Any]:
    """Django's settings for CACHE_URL: locmemcache://, dbcache://<table>, redis://…"""
    return environ.Env.cache_url_config(url)


def mailer_config(url: str, folder: Path) -> dict[str, Any]:
    """MAILERS entry for EMAIL_URL (smtp, smtp+tls, smtp+ssl); without one, mails become files in `folder`."""
    if not url:
        return {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(folder)},
        }
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtp+tls", "smtp+ssl"} or not parts.hostname:
        raise ImproperlyConfigured("EMAIL_URL must look like smtp+tls://user:password@host:587.")
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname,
            "port": parts.port or {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}[parts.scheme],
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_tls": parts.scheme == "smtp+tls",
            "use_ssl": parts.scheme == "smtp+ssl",
            "timeout": 15,
        },
    }
