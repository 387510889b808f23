import logging

import pytest
from django.db import transaction

from tests.access.world import make_world


@pytest.fixture(autouse=True)
def _quiet_log():
    """Thousands of refusals are the point of these tests; their tracebacks would only cost time."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Made once for a module's tests, which ask it questions that leave nothing behind; taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)
