"""Fresh databases for shops that run as processes of their own: migrated once, then copied."""

import os
import shutil
import subprocess
import sys
import tempfile
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.lint.sources import ROOT
from tests.plugins.database import start_postgres

_number = count(1)
_templates: dict[tuple[str, tuple[str, ...]], str] = {}
_run = os.environ.get("STOA_TEST_RUN", str(os.getpid())) + os.environ.get("PYTEST_XDIST_WORKER", "")
_folder = Path(tempfile.gettempdir()) / f"stoa-test-{_run}"

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "a key for the tests of the production settings 0123456789",
    "PASSWORD_RESET_SIGNING_KEY": "a second key for the tests of the production settings 0123",
    "API_TOKEN_SIGNING_KEY": "a third key for the tests of the production settings 012345",
    "SITE_URL": "http://127.0.0.1:8000",
    "ALLOWED_HOSTS": "127.0.0.1",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "PAYMENT_METHODS": "sandbox",
    "TRUSTED_PROXY_COUNT": "0",
}


def environment(**more: str) -> dict[str, str]:
    """A clean environment for a shop process: nothing of the test run leaks into it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    kept["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    return {**kept, **PRODUCTION, "MEDIA_ROOT": str(_folder / "media"), **more}


def manage(*arguments: str, check: bool = True, timeout: float = 300, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a management command as its own process."""
    result = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(**env),
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    if check and result.returncode:
        raise AssertionError(f"manage.py {' '.join(arguments)}: {result.stdout}\n{result.stderr}")
    return result


def _new_sqlite() -> str:
    _folder.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{_folder / f'shop-{next(_number)}.sqlite3'}"


def _postgres() -> str:
    return os.environ.get("TEST_DATABASE_URL") or start_postgres()


def _new_postgres(template: str = "") -> str:
    server = _postgres()
    name = f"stoa_shop_{_run}_{next(_number)}"
    with psycopg.connect(server, autocommit=True) as connection:
        source = f' TEMPLATE "{urlsplit(template).path.lstrip("/")}"' if template else ""
        connection.execute(f'CREATE DATABASE "{name}"{source}')
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def _copy(kind: str, template: str) -> str:
    if kind == "postgres":
        return _new_postgres(template)
    url = _new_sqlite()
    shutil.copyfile(template.removeprefix("sqlite:///"), url.removeprefix("sqlite:///"))
    return url


def fresh_database(kind: str, *seeding: str) -> str:
    """The URL of a migrated database (`kind` is sqlite or postgres), filled by `seed <seeding>` if that is given."""
    key = (kind, seeding)
    if key not in _templates:
        url = _new_postgres() if kind == "postgres" else _new_sqlite()
        manage("migrate", "--noinput", "-v0", DATABASE_URL=url)
        if seeding:
            manage("seed", *seeding, DATABASE_URL=url)
        if kind == "sqlite":
            _fold_in_the_log(url)
        _templates[key] = url
    return _copy(kind, _templates[key])


def _fold_in_the_log(url: str) -> None:
    import sqlite3

    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def drop_databases() -> None:
    """Take away what this run made."""
    if any(kind == "postgres" for kind, _ in _templates):
        with psycopg.connect(_postgres(), autocommit=True) as connection:
            names = connection.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"stoa_shop_{_run}_%"]
            ).fetchall()
            for (name,) in names:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    _templates.clear()
    shutil.rmtree(_folder, ignore_errors=True)
