"""What every test can count on."""

import os
import shutil
from pathlib import Path
from tempfile import gettempdir

import pytest
from django.core.cache import cache
from django.utils import translation


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


def pytest_sessionfinish(session):
    run = os.environ.get("STOA_TEST_RUN", "")
    if run and "PYTEST_XDIST_WORKER" not in os.environ:
        shutil.rmtree(Path(gettempdir()) / f"stoa-test-{run}", ignore_errors=True)
