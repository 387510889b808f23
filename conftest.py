"""What every test can count on."""

import gc
import os
import shutil
from threading import Thread
from time import monotonic
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import translation

from tests.support.databases import drop_databases, migrated


@pytest.fixture(autouse=True)
def _empty_cache():
    """Limits and cached menus of one test must not reach the next."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _language_of_nobody():
    """A test that spoke German must not make the next one's addresses German."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _words_of_nobody():
    """What a process has learnt of one test's words must not lead the next one's searches."""
    from apps.catalog.search import synonyms, vocabulary

    synonyms.forget()
    vocabulary.forget()


@pytest.fixture(autouse=True)
def _chores_of_nobody(monkeypatch):
    """What a shop does by the hour and the day would be done by each test that works the queue."""
    monkeypatch.setattr("apps.jobs.periodic._registered", {})


@pytest.fixture(scope="module")
def kept_rows(django_db_setup, django_db_blocker):
    """Fixtures of a module that build on it write their rows once; each test takes back only its own.

    For modules none of whose tests commits. What such a fixture returns is read anew by each test: a key, no object.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _pages_of_nobody():
    """A page that was kept in one test must not be shown in the next."""
    from apps.catalog.selectors import categories, lists
    from apps.pages import journal, shells, shop
    from apps.pages.kept import store

    journal.forget()
    categories.forget()
    lists.forget()
    shells.forget()
    store.forget()
    shop.keep(shop.Kept(checked=monotonic()))


def pytest_sessionstart(session):
    """The database that the workers' own are copies of is migrated while they collect the tests."""
    if getattr(session.config.option, "numprocesses", 0):
        Thread(target=migrated, args=[session.config.getoption("db")]).start()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, pytestconfig):
    """Two workers need not both run all migrations: each begins with a copy of one migrated database."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    template, test = migrated(pytestconfig.getoption("db")), settings.DATABASES["default"]["TEST"]
    if template.startswith("sqlite:///"):
        shutil.copyfile(template.removeprefix("sqlite:///"), test["NAME"])
    else:
        test["TEMPLATE"] = urlsplit(template).path.lstrip("/")


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb):
    """Django would begin with an empty database; the copies of a run are dropped together, at its end."""
    return "PYTEST_XDIST_WORKER" in os.environ or django_db_keepdb


def pytest_collection_finish(session):
    """What was loaded stays: the garbage collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    drop_databases(keep_tests=session.config.getoption("reuse_db"))
