"""What every test can count on."""

import gc

import pytest
from django.core.cache import cache
from django.utils import translation

from tests.support.databases import drop_databases


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


def pytest_collection_finish(session):
    """What was loaded stays: the garbage collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    drop_databases()
