import pytest

from apps.catalog.tests.factories import make_variant
from apps.orders.tests.factories import make_guest
from apps.orders.tests.providers import FlatRates, PaperMethod, registered
from apps.orders.tests.shopper import Shopper


@pytest.fixture(autouse=True)
def paper():
    """The only way to pay in these tests, beside flat rates of delivery; nothing of other apps on the order's page."""
    method = PaperMethod()
    with registered(methods=[method], rates=[FlatRates()], sections=[]):
        yield method


@pytest.fixture
def owner():
    return make_guest()


@pytest.fixture
def shopper():
    return Shopper()


@pytest.fixture
def stranger():
    """Somebody else, with a cart of their own and so with a name."""
    other = Shopper()
    other.add(make_variant().sku)
    return other
