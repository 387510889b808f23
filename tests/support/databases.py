"""Fresh databases for shops that run as processes of their own: migrated once in a run, then copied."""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.lint.sources import ROOT
from tests.plugins.database import start_postgres

_number = count(1)
# All workers of a run share the folder and the templates in it; what they make of them carries their name.
_run = os.environ.get("STOA_TEST_RUN", str(os.getpid()))
_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
FOLDER = Path(tempfile.gettempdir()) / f"stoa-test-{_run}"

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
    return {**kept, **PRODUCTION, "MEDIA_ROOT": str(FOLDER / "media"), **more}


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


def _postgres() -> str:
    return os.environ.get("TEST_DATABASE_URL") or start_postgres()


def _make(kind: str, name: str, template: str = "") -> str:
    """The URL of a new database, empty or a copy of another."""
    if kind == "sqlite":
        FOLDER.mkdir(parents=True, exist_ok=True)
        path = FOLDER / f"{name}.sqlite3"
        if template:
            shutil.copyfile(template.removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"
    server = _postgres()
    with psycopg.connect(server, autocommit=True) as connection:
        source = f' TEMPLATE "{urlsplit(template).path.lstrip("/")}"' if template else ""
        connection.execute(f'CREATE DATABASE "stoa_shop_{_run}_{name}"{source}')
    return urlunsplit(urlsplit(server)._replace(path=f"/stoa_shop_{_run}_{name}"))


@contextmanager
def _one_worker_at_a_time() -> Iterator[None]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _template(kind: str, seeding: tuple[str, ...], shell: str) -> str:
    """The URL of the migrated and filled database that others are copies of; the first who asks makes it."""
    name = "template_" + hashlib.sha256(repr((kind, seeding, shell)).encode()).hexdigest()[:12]
    known = FOLDER / f"{name}.url"
    if known.exists():
        return known.read_text()
    if not seeding and not shell:
        url = _make(kind, name)
        manage("migrate", "--noinput", "-v0", DATABASE_URL=url)
    else:
        url = _make(kind, name, _template(kind, (), ""))
        if seeding:
            manage("seed", *seeding, DATABASE_URL=url)
        if shell:
            manage("shell", "--no-imports", "-v0", "-c", shell, DATABASE_URL=url)
    if kind == "sqlite":
        query(url, "PRAGMA wal_checkpoint(TRUNCATE)")
    known.write_text(url)
    return url


def fresh_database(kind: str, *seeding: str, shell: str = "") -> str:
    """The URL of a migrated database (`kind` is sqlite or postgres), filled by `seed <seeding>` and by the Python
    code `shell`, if those are given."""
    with _one_worker_at_a_time():
        return _make(kind, f"{_worker}_{next(_number)}", _template(kind, seeding, shell))


def migrated(kind: str) -> str:
    """The URL of a migrated, empty database to make copies of; nobody writes to it."""
    with _one_worker_at_a_time():
        return _template(kind, (), "")


def query(url: str, sql: str) -> list[tuple[Any, ...]]:
    """Ask a shop's database directly, past the shop."""
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            return connection.execute(sql).fetchall()
    with psycopg.connect(url) as connection:
        return connection.execute(sql).fetchall()


def drop_databases(*, keep_tests: bool = False) -> None:
    """Take away what this worker made; the last to leave takes the templates and files of the run, and leaves the
    database of a run without workers if `keep_tests`."""
    last = "PYTEST_XDIST_WORKER" not in os.environ
    if any(path.exists() and "postgres" in path.read_text() for path in FOLDER.glob("*.url")):
        # A worker is still connected to the database of its tests, so that one is left to the last, too.
        mine = [f"stoa_shop_{_run}_", f"test_stoa_{_run}_"] if last else [f"stoa_shop_{_run}_{_worker}_"]
        with psycopg.connect(_postgres(), autocommit=True) as connection:
            names = connection.execute("SELECT datname FROM pg_database")
            for (name,) in names.fetchall():
                if not name.startswith(tuple(mine)):
                    continue
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    if last:
        for path in FOLDER.glob("*"):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            elif not (keep_tests and path.name.startswith("stoa.sqlite3")):
                path.unlink(missing_ok=True)
        with suppress(OSError):
            FOLDER.rmdir()
