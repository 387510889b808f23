import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _english():
    """A German request leaves its language to the thread; the next test starts in English."""
    translation.activate("en")
