import pytest

from apps.orders.tests.factories import make_guest
from apps.orders.tests.providers import FlatRates, PaperMethod, registered


@pytest.fixture(autouse=True)
def paper():
    """The only way to pay in these tests, beside flat rates of delivery."""
    method = PaperMethod()
    with registered(methods=[method], rates=[FlatRates()]):
        yield method


@pytest.fixture
def owner():
    return make_guest()
